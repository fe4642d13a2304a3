package dev.dlm.text;

import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.testing.OpCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Graphs and damaged texts for tests. */
public final class TextSamples {
  private TextSamples() {}

  /** A graph of one node. */
  public static Graph graphOf(OpCase one) {
    GraphBuilder graph = new GraphBuilder("one");
    SignatureBuilder signature = graph.signature("s");
    List<Value> operands = new ArrayList<>();
    for (TensorType type : one.operands()) {
      operands.add(signature.input("x" + operands.size(), type));
    }
    List<Value> results = signature.body().apply(one.op(), operands);
    for (int i = 0; i < results.size(); i++) {
      signature.output("y" + i, results.get(i));
    }
    return graph.build();
  }

  /** A graph that gives a constant. */
  public static Graph constant(HostTensor tensor) {
    GraphBuilder graph = new GraphBuilder("constant");
    SignatureBuilder signature = graph.signature("s");
    signature.output("y", signature.body().constant(tensor));
    return graph.build();
  }

  /**
   * A text with up to four random edits: characters or ranges removed, doubled, moved, replaced.
   */
  static String edited(String text, Random random) {
    StringBuilder edited = new StringBuilder(text);
    for (int edit = random.nextInt(4); edit >= 0; edit--) {
      int from = random.nextInt(edited.length());
      int to = Math.min(edited.length(), from + 1 + random.nextInt(random.nextBoolean() ? 3 : 60));
      String range = edited.substring(from, to);
      switch (random.nextInt(5)) {
        case 0 -> edited.delete(from, to);
        case 1 -> edited.insert(from, range);
        case 2 -> edited.insert(random.nextInt(edited.length()), range);
        case 3 -> edited.setCharAt(from, "0123456789-%[]{}(),=:\"\\B.e".charAt(random.nextInt(26)));
        default -> edited.replace(from, to, Long.toString(random.nextLong() >> random.nextInt(64)));
      }
      if (edited.isEmpty()) {
        return "";
      }
    }
    return edited.toString();
  }
}
