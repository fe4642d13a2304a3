package dev.dlm.training.recipe;

import dev.dlm.ir.Body;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Node;
import dev.dlm.ir.Signature;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Gather;
import dev.dlm.op.array.Iota;
import dev.dlm.op.array.OneHot;
import dev.dlm.op.array.Reshape;
import dev.dlm.op.array.Slice;
import dev.dlm.op.math.Cast;
import dev.dlm.op.math.Compare;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which inputs of a graph are class numbers or indices: those that a graph compares for equality
 * with the indices along an axis of constant size, that it makes one-hot, or by which it takes
 * elements along such an axis, as embeddings do. A number beyond that size would belong to no
 * class, or to another one, in silence.
 */
final class ClassCounts {
  private ClassCounts() {}

  /** The number of classes, by the name of the input; the smallest where there are several. */
  static Map<String, Long> of(Graph graph) {
    Map<String, Long> counts = new TreeMap<>();
    for (Signature signature : graph.signatures()) {
      add(signature, counts);
    }
    return counts;
  }

  private static void add(Signature signature, Map<String, Long> counts) {
    Body body = signature.body();
    Map<Value, String> inputs = new HashMap<>();
    Map<Value, Long> indices = new HashMap<>();
    for (int i = 0; i < signature.inputs().size(); i++) {
      if (!signature.input(i).dtype().isFloat()) {
        inputs.put(signature.input(i), signature.inputs().get(i));
      }
    }
    for (Node node : body.nodes()) {
      switch (node.op()) {
        case Iota iota when iota.type().dim(iota.axis()).isConstant() ->
            indices.put(node.result(), iota.type().dim(iota.axis()).asLong());
        case Broadcast _, Reshape _, Cast _, Slice _ -> {
          carry(node, inputs);
          carry(node, indices);
        }
        case Gather(int _, List<Integer> axes) when axes.size() == 1 -> {
          String input = inputs.get(node.operand(1));
          Dim size = node.operand(0).type().dim(axes.getFirst());
          if (input != null && size.isConstant()) {
            counts.merge(input, size.asLong(), Math::min);
          }
        }
        case OneHot hot when hot.classes().isConstant() -> {
          String input = inputs.get(node.operand(0));
          if (input != null) {
            counts.merge(input, hot.classes().asLong(), Math::min);
          }
        }
        case Compare(Compare.Direction direction) when direction == Compare.Direction.EQUAL -> {
          compare(node.operand(0), node.operand(1), inputs, indices, counts);
          compare(node.operand(1), node.operand(0), inputs, indices, counts);
        }
        default -> {}
      }
    }
  }

  private static <T> void carry(Node node, Map<Value, T> facts) {
    T fact = facts.get(node.operand(0));
    if (fact != null) {
      facts.put(node.result(), fact);
    }
  }

  private static void compare(
      Value label,
      Value index,
      Map<Value, String> inputs,
      Map<Value, Long> indices,
      Map<String, Long> counts) {
    String input = inputs.get(label);
    Long count = indices.get(index);
    if (input != null && count != null) {
      counts.merge(input, count, Math::min);
    }
  }
}
