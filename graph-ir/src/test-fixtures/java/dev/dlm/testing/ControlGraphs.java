package dev.dlm.testing;

import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.Shape;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.control.Activations;
import dev.dlm.op.control.Scan;
import java.util.ArrayList;
import java.util.List;

/** Graphs with control flow, as tests of several modules need them. */
public final class ControlGraphs {
  private ControlGraphs() {}

  /**
   * A recurrent network over {@code x: [T, B, inputs]}: {@code h = tanh(x w + h u + b), y = h}; its
   * signature {@code predict} gives the last and all {@code h} and the mean of their squares,
   * {@code loss}; {@code train} also its gradients with respect to {@code x, h0, w, u, b}, as
   * {@code d0 … d4}.
   */
  public static Graph recurrent(DType dtype, int inputs, int hidden, Activations activations) {
    return recurrent(dtype, inputs, hidden, activations, ControlGraphs::sumOfProducts);
  }

  /** The same network with one product of {@code x} and {@code h} side by side in each step. */
  public static Graph recurrentOfOneProduct(
      DType dtype, int inputs, int hidden, Activations activations) {
    return recurrent(dtype, inputs, hidden, activations, ControlGraphs::productSideBySide);
  }

  private static Value sumOfProducts(BodyBuilder b, Value h, Value x, Value w, Value u) {
    return b.add(b.matMul(x, w), b.matMul(h, u));
  }

  private static Value productSideBySide(BodyBuilder b, Value h, Value x, Value w, Value u) {
    return b.matMul(b.concat(List.of(x, h), 1), b.concat(List.of(w, u), 0));
  }

  /** What the input and the state give to the next state. */
  @FunctionalInterface
  private interface Projection {
    Value of(BodyBuilder b, Value h, Value x, Value w, Value u);
  }

  private static Graph recurrent(
      DType dtype, int inputs, int hidden, Activations activations, Projection projection) {
    GraphBuilder graph = new GraphBuilder("recurrent");
    for (String name : List.of(Graph.PREDICT, Graph.TRAIN)) {
      SignatureBuilder signature = graph.signature(name);
      BodyBuilder b = signature.body();
      Dim time = Dim.symbol("T");
      Dim batch = Dim.symbol("B");
      List<Value> operands = new ArrayList<>();
      operands.add(
          signature.input("x", new TensorType(dtype, Shape.of(time, batch, Dim.of(inputs)))));
      operands.add(signature.input("h0", new TensorType(dtype, Shape.of(batch, Dim.of(hidden)))));
      operands.add(signature.input("w", TensorType.of(dtype, inputs, hidden)));
      operands.add(signature.input("u", TensorType.of(dtype, hidden, hidden)));
      operands.add(signature.input("b", TensorType.of(dtype, hidden)));
      Body cell = cell(dtype, batch, inputs, hidden, projection);
      List<Value> results =
          b.apply(
              new Scan(cell, 1, 1, time, false, activations),
              List.of(
                  operands.get(1),
                  operands.get(0),
                  operands.get(2),
                  operands.get(3),
                  operands.get(4)));
      signature.output("last", results.get(0));
      signature.output("all", results.get(1));
      Value loss = b.mean(b.mul(results.get(1), results.get(1)));
      signature.output("loss", loss);
      if (name.equals(Graph.TRAIN)) {
        List<Value> gradients = b.gradient(loss, operands);
        for (int i = 0; i < gradients.size(); i++) {
          signature.output("d" + i, gradients.get(i));
        }
      }
    }
    return graph.build();
  }

  private static Body cell(DType dtype, Dim batch, int inputs, int hidden, Projection projection) {
    BodyBuilder b = new BodyBuilder();
    Value h = b.parameter(new TensorType(dtype, Shape.of(batch, Dim.of(hidden))));
    Value x = b.parameter(new TensorType(dtype, Shape.of(batch, Dim.of(inputs))));
    Value w = b.parameter(TensorType.of(dtype, inputs, hidden));
    Value u = b.parameter(TensorType.of(dtype, hidden, hidden));
    Value bias = b.parameter(TensorType.of(dtype, hidden));
    Value next = b.tanh(b.add(projection.of(b, h, x, w, u), bias));
    return b.build(List.of(next, next));
  }
}
