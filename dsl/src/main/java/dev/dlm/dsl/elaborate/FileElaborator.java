package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.source.Sources;
import dev.dlm.dsl.syntax.Declaration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Elaborates a file: its models with their {@code train} blocks, and its tests. */
public final class FileElaborator {
  private final Problems problems = new Problems();
  private final Sources sources;

  private FileElaborator(Sources sources) {
    this.sources = sources;
  }

  /**
   * What {@code file} stands for.
   *
   * @throws dev.dlm.diagnostic.GraphException with all mistakes found, in source order
   */
  public static Elaborated elaborate(String file, Sources sources) {
    return new FileElaborator(sources).run(file);
  }

  private Elaborated run(String file) {
    Optional<Module> module = new ModuleLoader(sources, problems).load(file);
    if (module.isEmpty()) {
      problems.throwIfAny();
    }
    Elaborated elaborated = run(module.orElseThrow());
    problems.throwIfAny();
    return elaborated;
  }

  private Elaborated run(Module module) {
    Frame frame = fileFrame(module);
    constants(frame);
    new NameChecker(frame).check(module);
    Map<String, Declaration.Train> trained = trained(module);
    List<ElaboratedModel> models = new ArrayList<>();
    List<ElaboratedTest> tests = new ArrayList<>();
    for (Declaration declaration : module.declarations()) {
      switch (declaration) {
        case Declaration.Model model -> {
          Optional<Declaration.Train> train = Optional.ofNullable(trained.get(model.name().text()));
          boolean complete = model.parameters().stream().allMatch(p -> p.standard().isPresent());
          if (complete || train.isPresent()) {
            new ModelElaborator(problems, new Meaning.ModelMaker(model, module), train)
                .elaborate()
                .ifPresent(models::add);
          }
        }
        case Declaration.Test test ->
            TestElaborator.elaborate(problems, module, test).ifPresent(tests::add);
        case Declaration.Import _,
            Declaration.Component _,
            Declaration.Function _,
            Declaration.Train _,
            Declaration.Constant _,
            Declaration.Invalid _ -> {}
      }
    }
    return new Elaborated(models, tests);
  }

  private Frame fileFrame(Module module) {
    return new Frame(
        new Run(problems, new Variables(), false),
        module,
        Frame.Kind.FILE,
        new Scope(),
        Owner.root(),
        Optional.empty());
  }

  /** Evaluates the constants of the file, whether or not something uses them. */
  private static void constants(Frame frame) {
    for (Declaration declaration : frame.module().declarations()) {
      if (declaration instanceof Declaration.Constant constant) {
        Resolver.findInModule(frame, frame.module(), constant.name().text());
      }
    }
  }

  /** The {@code train} block of each model. */
  private Map<String, Declaration.Train> trained(Module module) {
    Map<String, Declaration.Train> trained = new LinkedHashMap<>();
    List<String> models =
        module.declarations().stream()
            .filter(Declaration.Model.class::isInstance)
            .map(d -> ((Declaration.Model) d).name().text())
            .toList();
    for (Declaration declaration : module.declarations()) {
      if (!(declaration instanceof Declaration.Train train)) {
        continue;
      }
      String model = train.model().text();
      Declaration.Train earlier = trained.putIfAbsent(model, train);
      boolean poisoned =
          module.findDeclared(model).filter(Meaning.Poison.class::isInstance).isPresent();
      if (!models.contains(model) && !poisoned) {
        report(
            module,
            "unknown-name",
            "there is no model '" + model + "' in this file",
            train,
            LikelyName.help(model, models));
      } else if (earlier != null) {
        report(
            module,
            "duplicate-name",
            model + " has a train block already",
            train,
            Optional.empty());
      }
    }
    return trained;
  }

  private void report(
      Module module, String code, String message, Declaration.Train train, Optional<String> help) {
    var diagnostic =
        CallChain.error(
            code, message, train.model().span().in(module.file()), false, Optional.empty());
    problems.report(help.map(diagnostic::withHelp).orElse(diagnostic));
  }
}
