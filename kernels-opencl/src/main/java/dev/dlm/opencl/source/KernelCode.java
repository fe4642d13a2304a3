package dev.dlm.opencl.source;

import dev.dlm.ir.Dim;
import java.util.List;

/**
 * A kernel's text and what its arguments stand for: for each operand a buffer and, as {@code
 * ulong}, the byte at which it starts; then each size as {@code INDEX}, which is {@code int} where
 * every size and position fits and else {@code long}.
 *
 * @param name the entry point
 * @param text the whole program, but for the definition of {@code INDEX}
 * @param operands numbers of the step's operands
 * @param sizes in the order of the arguments
 */
public record KernelCode(String name, String text, List<Integer> operands, List<Dim> sizes) {
  public KernelCode {
    operands = List.copyOf(operands);
    sizes = List.copyOf(sizes);
  }

  /** The program for the given width of indices. */
  public String program(boolean wide) {
    return "#define INDEX " + (wide ? "long" : "int") + "\n" + text;
  }
}
