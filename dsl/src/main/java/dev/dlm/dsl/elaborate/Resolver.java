package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.source.StandardLibrary;
import dev.dlm.dsl.syntax.Declaration;
import dev.dlm.dsl.syntax.Span;
import dev.dlm.ir.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds what a name stands for: from the code's own names outwards to the language's. */
final class Resolver {
  private Resolver() {}

  /**
   * What {@code name} stands for.
   *
   * @throws Problem with code {@code unknown-name} or {@code ambiguous-name}
   */
  static Meaning resolve(Frame frame, String name, Span span) {
    return find(frame, name, span).orElseThrow(() -> unknown(frame, name, span));
  }

  /** What {@code name} stands for, if it stands for anything. */
  static Optional<Meaning> find(Frame frame, String name, Span span) {
    Optional<Meaning> local = frame.scope().find(name);
    if (local.isPresent()) {
      return local;
    }
    if (name.equals("training")) {
      return Optional.of(new Meaning.Truth(frame.run().training()));
    }
    Optional<Meaning> declared = findInModule(frame, frame.module(), name);
    if (declared.isPresent()) {
      return declared;
    }
    Optional<Module> imported = frame.module().findImport(name);
    if (imported.isPresent()) {
      return imported.map(Meaning.Imported::new);
    }
    Optional<Meaning> open = findOpen(frame, name, span);
    if (open.isPresent()) {
      return open;
    }
    Optional<Meaning> dtype = DType.parse(name).map(Meaning.ElementType::new);
    return dtype.isPresent() ? dtype : Primitives.find(name).map(p -> (Meaning) p);
  }

  /**
   * What a module declares under {@code name}; a constant is evaluated when it is first asked for.
   */
  static Optional<Meaning> findInModule(Frame frame, Module module, String name) {
    Optional<Meaning> declared = module.findDeclared(name);
    if (declared.isPresent()) {
      return declared;
    }
    Optional<Declaration.Constant> constant = module.findConstant(name);
    if (constant.isEmpty()) {
      return Optional.empty();
    }
    // While it is being evaluated the constant is unknown to itself.
    module.declare(name, new Meaning.Poison());
    Frame own =
        new Frame(
            frame.run(), module, Frame.Kind.FILE, new Scope(), Owner.root(), Optional.empty());
    try {
      Meaning value = new Evaluator(own).evaluate(constant.get().value());
      if (value instanceof Meaning.Tensor) {
        throw own.problem(
            "misplaced-statement",
            "a constant of a file cannot be a tensor",
            constant.get().value().span());
      }
      module.declare(name, value);
    } catch (Problem problem) {
      frame.run().problems().report(problem);
    }
    return module.findDeclared(name);
  }

  private static Optional<Meaning> findOpen(Frame frame, String name, Span span) {
    if (!Module.isOpen(name)) {
      return Optional.empty();
    }
    List<String> owners = new ArrayList<>();
    Optional<Meaning> found = Optional.empty();
    for (String alias : frame.module().imports().keySet()) {
      Module module = frame.module().imports().get(alias);
      Optional<Meaning> meaning = findInModule(frame, module, name);
      if (meaning.isPresent()) {
        owners.add(alias + "." + name);
        found = meaning;
      }
    }
    if (owners.size() > 1) {
      throw frame.problem(
          "ambiguous-name",
          "'" + name + "' is declared by several imports",
          span,
          Optional.of("write " + String.join(" or ", owners)));
    }
    return found;
  }

  /** The mistake of using a name that stands for nothing. */
  static Problem unknown(Frame frame, String name, Span span) {
    Set<String> known = new TreeSet<>(frame.scope().names());
    known.addAll(frame.module().declaredNames());
    known.addAll(Primitives.names());
    known.add("training");
    Module module = frame.module();
    for (String alias : module.imports().keySet()) {
      known.add(alias);
      for (String declared : module.imports().get(alias).declaredNames()) {
        if (declared.equals(name)) {
          return frame.problem(
              "unknown-name",
              "'" + name + "' is not known here",
              span,
              Optional.of("did you mean '" + alias + "." + name + "'?"));
        }
        known.add(Module.isOpen(declared) ? declared : alias + "." + declared);
      }
    }
    Optional<String> help = LikelyName.help(name, known);
    if (help.isEmpty() && module.imports().isEmpty() && !module.isLibrary()) {
      boolean isModule = StandardLibrary.modules().contains(name);
      help =
          Optional.of(
              isModule
                  ? "add 'import " + name + "' at the top of the file"
                  : "the standard library's names are known after 'import nn'");
    }
    return frame.problem("unknown-name", "'" + name + "' is not known here", span, help);
  }
}
