package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Declaration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A file as part of a program: its declarations and what it imports. The files of a library module
 * share one name and one set of declarations.
 */
final class Module {
  private final String name;
  private final String file;
  private final boolean isLibrary;
  private final List<Declaration> declarations;
  private final Scope exports;
  private final Map<String, Declaration.Constant> constants = new LinkedHashMap<>();
  private final Map<String, Module> imports = new LinkedHashMap<>();

  /**
   * @param name what the module is called in messages; empty for a user's file
   * @param exports the declared names, shared by the files of a library module
   */
  Module(
      String name, String file, boolean isLibrary, List<Declaration> declarations, Scope exports) {
    this.name = name;
    this.file = file;
    this.isLibrary = isLibrary;
    this.declarations = List.copyOf(declarations);
    this.exports = exports;
  }

  String name() {
    return name.isEmpty() ? file : name;
  }

  String file() {
    return file;
  }

  boolean isLibrary() {
    return isLibrary;
  }

  List<Declaration> declarations() {
    return declarations;
  }

  /** How a declaration of this module is called elsewhere, for example {@code nn.Dense}. */
  String qualify(String declaration) {
    return name.isEmpty() ? declaration : name + "." + declaration;
  }

  void declare(String declared, Meaning meaning) {
    exports.bind(declared, meaning);
  }

  void declareConstant(Declaration.Constant constant) {
    constants.put(constant.name().text(), constant);
  }

  void addImport(String alias, Module module) {
    imports.put(alias, module);
  }

  /** The declaration of a name in this module. Constants are here once they have been evaluated. */
  Optional<Meaning> findDeclared(String declared) {
    return exports.findHere(declared);
  }

  /** The constant of that name, evaluated or not. */
  Optional<Declaration.Constant> findConstant(String declared) {
    return Optional.ofNullable(constants.get(declared));
  }

  Optional<Module> findImport(String alias) {
    return Optional.ofNullable(imports.get(alias));
  }

  Map<String, Module> imports() {
    return imports;
  }

  /** The names declared here, sorted. */
  Set<String> declaredNames() {
    Set<String> names = new TreeSet<>(exports.names());
    names.addAll(constants.keySet());
    return names;
  }

  /**
   * Whether a declaration can be used without its module's name: functions, initializers,
   * optimizers, schedules and clips can, whose names begin in lower case.
   */
  static boolean isOpen(String declared) {
    return !Character.isUpperCase(declared.codePointAt(0));
  }
}
