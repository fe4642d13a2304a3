package dev.dlm.ir;

import java.util.List;

/**
 * One entry point of a graph: a pure function from inputs and variables to outputs and new values
 * of variables.
 *
 * <p>The parameters of the body are the inputs, then the variables read; its results are the
 * outputs, then the new values of the variables written.
 *
 * @param inputs names of the leading parameters
 * @param reads names of the variables that the remaining parameters stand for
 * @param outputs names of the leading results
 * @param updates names of the variables that the remaining results are the new values of
 * @param guards conditions on symbolic sizes, checked when sizes are bound
 */
public record Signature(
    String name,
    List<String> inputs,
    List<String> reads,
    Body body,
    List<String> outputs,
    List<String> updates,
    List<Guard> guards) {
  public Signature {
    inputs = List.copyOf(inputs);
    reads = List.copyOf(reads);
    outputs = List.copyOf(outputs);
    updates = List.copyOf(updates);
    guards = List.copyOf(guards);
    if (inputs.size() + reads.size() != body.parameters().size()
        || outputs.size() + updates.size() != body.results().size()) {
      throw new IllegalArgumentException(
          "names and body of signature " + name + " differ in number");
    }
  }

  public Value input(int index) {
    return body.parameters().get(index);
  }

  public Value read(int index) {
    return body.parameters().get(inputs.size() + index);
  }

  public Value output(int index) {
    return body.results().get(index);
  }

  public Value update(int index) {
    return body.results().get(outputs.size() + index);
  }

  /** This signature with another body of the same parameters and results. */
  public Signature withBody(Body other) {
    return new Signature(name, inputs, reads, other, outputs, updates, guards);
  }
}
