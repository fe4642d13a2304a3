package dev.dlm.runtime.profile;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One step of a run. */
@Name("dev.dlm.Step")
@Label("Step")
@Category("dlm")
@Description("A step of a run, or a step inside of one; waits for each step, unlike other runs")
@Enabled(false)
@StackTrace(false)
final class StepEvent extends Event {
  @Label("Program")
  String program = "";

  @Label("Step")
  @Description("Place in the program, as listings of plans number it")
  String step = "";

  @Label("Kernel")
  String kernel = "";

  @Label("Location")
  @Description("The model's lines that the step came from")
  String location = "";

  @Label("Operations")
  long operations;

  @Label("Bytes")
  @DataAmount
  long bytes;
}
