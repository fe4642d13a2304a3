package dev.dlm.runtime.profile;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One run of a program. */
@Name("dev.dlm.Run")
@Label("Run")
@Category("dlm")
@Description("A run of a program: inputs copied in, all steps, outputs copied out")
@Enabled(false)
@StackTrace(false)
final class RunEvent extends Event {
  @Label("Program")
  String program = "";

  @Label("Sizes")
  String sizes = "";

  @Label("Threads")
  int threads;

  @Label("Operations")
  long operations;

  @Label("Bytes")
  @DataAmount
  long bytes;
}
