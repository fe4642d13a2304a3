package dev.dlm.runtime.profile;

import dev.dlm.diagnostic.ShortLocation;
import dev.dlm.plan.KernelDescription;
import dev.dlm.plan.NumberedStep;
import dev.dlm.plan.Program;
import dev.dlm.plan.cost.Cost;
import dev.dlm.plan.cost.CostModel;
import java.util.List;
import java.util.Map;

/**
 * A step of a program with sizes bound, and what it takes each time.
 *
 * @param kernel what it computes, in a few words
 * @param place the model's lines that it came from; empty where they are not known
 * @param operations as {@link Cost#operations}
 * @param bytes as {@link Cost#bytes}
 */
public record CostedStep(
    NumberedStep numbered, String kernel, String place, long operations, long bytes) {

  /**
   * All steps of a program in the order of their numbers.
   *
   * @param sizes of every symbol of the program
   */
  public static List<CostedStep> of(Program program, Map<String, Long> sizes) {
    CostModel model = CostModel.at(sizes);
    return NumberedStep.of(program).stream().map(step -> of(step, model)).toList();
  }

  private static CostedStep of(NumberedStep numbered, CostModel model) {
    Cost cost = model.of(numbered.step());
    return new CostedStep(
        numbered,
        KernelDescription.of(numbered.step().kernel()),
        ShortLocation.of(numbered.step().location()),
        cost.operations().asLong(),
        cost.bytes().asLong());
  }

  /** The step's number. */
  public int number() {
    return numbered.number();
  }
}
