package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.diagnostic.Location;
import dev.dlm.dsl.source.Sources;
import dev.dlm.dsl.source.StandardLibrary;
import dev.dlm.dsl.syntax.Declaration;
import dev.dlm.dsl.syntax.Name;
import dev.dlm.dsl.syntax.SourceParser;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads files and what they import, and finds mistakes of form, imports and double names. */
final class ModuleLoader {
  private record Opened(String file, Location importedAt) {}

  private final Sources sources;
  private final Problems problems;
  private final Map<String, Module> loaded = new HashMap<>();
  private final List<Opened> opening = new ArrayList<>();

  ModuleLoader(Sources sources, Problems problems) {
    this.sources = sources;
    this.problems = problems;
  }

  /** Reads the file that a person named. */
  Optional<Module> load(String file) {
    return load(file, Location.UNKNOWN);
  }

  private Optional<Module> load(String file, Location importedAt) {
    Module known = loaded.get(file);
    if (known != null) {
      return Optional.of(known);
    }
    String text;
    try {
      text = sources.read(file);
    } catch (NoSuchFileException _) {
      return unreadable(file, "no such file or folder", importedAt);
    } catch (IOException e) {
      return unreadable(file, String.valueOf(e.getMessage()), importedAt);
    }
    Module module = module("", file, text, false, new Scope());
    loaded.put(file, module);
    opening.add(new Opened(file, importedAt));
    resolveImports(module);
    opening.removeLast();
    return Optional.of(module);
  }

  private Optional<Module> unreadable(String file, String reason, Location importedAt) {
    problems.report(
        Diagnostic.error("file-read", "cannot read '" + file + "': " + reason, importedAt));
    return Optional.empty();
  }

  private Module module(String name, String file, String text, boolean isLibrary, Scope exports) {
    problems.file(file);
    SourceParser.Result parsed = SourceParser.parse(file, text);
    parsed.diagnostics().forEach(problems::report);
    Module module = new Module(name, file, isLibrary, parsed.file().declarations(), exports);
    Map<String, Name> seen = new LinkedHashMap<>();
    for (Declaration declaration : module.declarations()) {
      switch (declaration) {
        case Declaration.Model model -> {
          declareOnce(module, model.name(), seen);
          module.declare(model.name().text(), new Meaning.ModelMaker(model, module));
        }
        case Declaration.Component component -> {
          declareOnce(module, component.name(), seen);
          module.declare(component.name().text(), new Meaning.Maker(component, module));
        }
        case Declaration.Function function -> {
          declareOnce(module, function.name(), seen);
          module.declare(function.name().text(), new Meaning.UserFunction(function, module));
        }
        case Declaration.Constant constant -> {
          declareOnce(module, constant.name(), seen);
          module.declareConstant(constant);
        }
        case Declaration.Invalid invalid ->
            invalid.name().ifPresent(n -> module.declare(n.text(), new Meaning.Poison()));
        case Declaration.Import _, Declaration.Train _, Declaration.Test _ -> {}
      }
    }
    return module;
  }

  private void declareOnce(Module module, Name name, Map<String, Name> seen) {
    Name earlier = seen.putIfAbsent(name.text(), name);
    if (earlier != null) {
      problems.report(
          Diagnostic.error(
                  "duplicate-name",
                  "'" + name + "' is declared twice in this file",
                  name.span().in(module.file()))
              .note("the first declaration is here", earlier.span().in(module.file())));
    }
  }

  private void resolveImports(Module module) {
    for (Declaration declaration : module.declarations()) {
      if (declaration instanceof Declaration.Import wanted) {
        Location place = wanted.span().in(module.file());
        Optional<Module> imported =
            wanted.isPath() ? file(module, wanted, place) : library(wanted, place);
        imported.ifPresent(m -> module.addImport(alias(wanted), m));
      }
    }
  }

  private static String alias(Declaration.Import wanted) {
    if (wanted.alias().isPresent()) {
      return wanted.alias().get().text();
    }
    String target = wanted.target().text();
    String file = target.substring(target.lastIndexOf('/') + 1);
    return file.endsWith(".dlm") ? file.substring(0, file.length() - 4) : file;
  }

  private Optional<Module> file(Module importer, Declaration.Import wanted, Location place) {
    String file = sources.resolve(importer.file(), wanted.target().text());
    List<String> open = opening.stream().map(Opened::file).toList();
    int start = open.indexOf(file);
    if (start >= 0) {
      Diagnostic cycle =
          Diagnostic.error(
              "import-cycle",
              file + " imports itself" + (start == open.size() - 1 ? "" : " through other files"),
              place);
      for (Opened step : opening.subList(start + 1, opening.size())) {
        cycle = cycle.note(step.file() + " is imported here", step.importedAt());
      }
      problems.report(cycle);
      return Optional.empty();
    }
    return load(file, place);
  }

  private Optional<Module> library(Declaration.Import wanted, Location place) {
    String name = wanted.target().text();
    Module known = loaded.get("library " + name);
    if (known != null) {
      return Optional.of(known);
    }
    List<String> files = StandardLibrary.files(name);
    if (files.isEmpty()) {
      Diagnostic unknown =
          Diagnostic.error("unknown-module", "there is no module '" + name + "'", place);
      problems.report(
          unknown.withHelp(
              LikelyName.help(name, StandardLibrary.modules())
                  .orElse(
                      "the library has: "
                          + String.join(", ", StandardLibrary.modules())
                          + "; a file is imported by its path in quotes")));
      return Optional.empty();
    }
    Scope exports = new Scope();
    List<Module> modules = new ArrayList<>();
    for (String file : files) {
      String text =
          StandardLibrary.text(file)
              .orElseThrow(() -> new InternalException("the library lacks " + file));
      modules.add(module(name, file, text, true, exports));
    }
    loaded.put("library " + name, modules.getFirst());
    return Optional.of(modules.getFirst());
  }
}
