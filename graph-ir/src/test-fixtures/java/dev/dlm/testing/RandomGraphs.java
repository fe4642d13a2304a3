package dev.dlm.testing;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Signature;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.ir.Variable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Well-typed graphs made from a seed, for properties such as "a pass keeps the meaning". The same
 * seed always gives the same graph.
 *
 * <p>A graph has the signature {@link Graph#PREDICT} over one or two inputs and a weight, with one
 * to three outputs {@code y0…} and the scalar output {@code loss} that depends on all of them.
 * Values stay within ±50, comparisons are made only on inputs, and no op is near a pole, so that
 * results change little when rounding does.
 */
public final class RandomGraphs {
  private static final Dim BATCH = Dim.symbol("B");

  private RandomGraphs() {}

  /**
   * What graphs to make.
   *
   * @param dtype the element type of inputs and outputs, floating point
   * @param minNodes the least number of steps, each one op and what broadcasting it needs
   * @param maxNodes the largest number of steps
   * @param symbolic whether the first axis of the inputs is the size {@code B}
   * @param smooth whether to leave out ops that are not differentiable everywhere
   * @param loops whether there may be loops and choices
   */
  public record Options(
      DType dtype, int minNodes, int maxNodes, boolean symbolic, boolean smooth, boolean loops) {
    /** Options for graphs without loops and choices. */
    public Options(DType dtype, int minNodes, int maxNodes, boolean symbolic, boolean smooth) {
      this(dtype, minNodes, maxNodes, symbolic, smooth, false);
    }

    /** These options with loops and choices. */
    public Options withLoops() {
      return new Options(dtype, minNodes, maxNodes, symbolic, smooth, true);
    }

    /** 5 to 60 steps in {@code f32}, symbolic, any op. */
    public static final Options STANDARD = new Options(DType.F32, 5, 60, true, false);

    /** 3 to 20 steps in {@code f64}, differentiable everywhere. */
    public static final Options SMOOTH = new Options(DType.F64, 3, 20, true, true);
  }

  /** A graph of the standard kind. */
  public static Graph graph(long seed) {
    return graph(seed, Options.STANDARD);
  }

  /** A graph of a kind. */
  public static Graph graph(long seed, Options options) {
    return new RandomGraph(seed, options).make();
  }

  /**
   * Inputs for a signature.
   *
   * @param batch the size of {@code B}, at least 1
   */
  public static Map<String, HostTensor> inputs(Signature signature, long batch, long seed) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    List<Value> parameters = signature.body().parameters();
    for (int i = 0; i < signature.inputs().size(); i++) {
      TensorType type = parameters.get(i).type();
      TensorType bound = type.withShape(type.shape().substitute(Map.of("B", Dim.of(batch))));
      tensors.put(signature.inputs().get(i), tensor(bound, new Random(seed * 31 + i)));
    }
    return tensors;
  }

  /** Values for all variables of a graph. */
  public static Map<String, HostTensor> variables(Graph graph, long seed) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (Variable variable : graph.variables()) {
      tensors.put(
          variable.name(), tensor(variable.type(), new Random(seed * 31 + tensors.size() + 1000)));
    }
    return tensors;
  }

  /** Elements within ±1. */
  static HostTensor tensor(TensorType type, Random random) {
    return type.dtype().isFloat()
        ? HostTensor.ofDoubles(type, i -> 2 * random.nextDouble() - 1)
        : HostTensor.ofLongs(type, i -> random.nextInt(7) - 3);
  }

  /** The first size of inputs. */
  static Dim batch(Options options) {
    return options.symbolic() ? BATCH : Dim.of(3);
  }
}
