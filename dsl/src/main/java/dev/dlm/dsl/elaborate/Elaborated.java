package dev.dlm.dsl.elaborate;

import java.util.List;
import java.util.Optional;

/**
 * What a {@code .dlm} file stands for. Immutable.
 *
 * @param models those that can be made: with standard values for all parameters or a {@code train}
 *     block that gives them, in source order
 */
public record Elaborated(List<ElaboratedModel> models, List<ElaboratedTest> tests) {
  public Elaborated {
    models = List.copyOf(models);
    tests = List.copyOf(tests);
  }

  /** The first model that is trained, or else the first one. */
  public Optional<ElaboratedModel> mainModel() {
    return models.stream()
        .filter(model -> model.recipe().isPresent())
        .findFirst()
        .or(() -> models.stream().findFirst());
  }
}
