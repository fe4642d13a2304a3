package dev.dlm.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * A step of a program, or of a program inside of one of its steps, with the number under which
 * profiles and traces speak of it. A step comes right before the steps inside of it, which come
 * before its successor.
 *
 * @param number from 0
 * @param parent number of the step that this one is inside of; −1 for steps of the program itself
 * @param path place for people: {@code 3} is the fourth step, {@code 3.body.0} the first of the
 *     program named {@code body} inside of it
 */
public record NumberedStep(int number, int parent, String path, Step step) {
  /** The parent of steps that are inside of no other. */
  public static final int NONE = -1;

  /** All steps of a program in the order of their numbers. */
  public static List<NumberedStep> of(Program program) {
    List<NumberedStep> all = new ArrayList<>();
    add(program, NONE, "", all);
    return all;
  }

  /** How many numbers the steps of a program take. */
  public static int count(Program program) {
    int count = 0;
    for (Step step : program.steps()) {
      count++;
      for (Program body : BodyRules.bodiesOf(step.kernel())) {
        count += count(body);
      }
    }
    return count;
  }

  private static void add(Program program, int parent, String prefix, List<NumberedStep> all) {
    for (int i = 0; i < program.steps().size(); i++) {
      Step step = program.steps().get(i);
      String path = prefix + i;
      int number = all.size();
      all.add(new NumberedStep(number, parent, path, step));
      for (Program body : BodyRules.bodiesOf(step.kernel())) {
        add(body, number, path + "." + body.name() + ".", all);
      }
    }
  }

  /** How many steps this one is inside of. */
  public int depth() {
    return (int) path.chars().filter(c -> c == '.').count() / 2;
  }

  /** Whether the step runs programs. */
  public boolean hasBodies() {
    return !BodyRules.bodiesOf(step.kernel()).isEmpty();
  }
}
