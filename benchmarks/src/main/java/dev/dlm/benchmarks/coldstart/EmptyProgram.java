package dev.dlm.benchmarks.coldstart;

import java.io.IOException;

/** Does nothing: what remains is the start of the JVM. */
public final class EmptyProgram {
  private EmptyProgram() {}

  /** Prints a number, and the resident memory at that point. */
  public static void main(String[] arguments) throws IOException {
    System.out.println(0.0);
    System.out.println(ResidentMemory.mostBytes());
  }
}
