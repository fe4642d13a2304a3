package dev.dlm.cli.bench;

import dev.dlm.cli.model.InputFiles;
import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.diagnostic.Suggestion;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.plan.Program;
import dev.dlm.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Inputs to measure a signature with: those of files where there are files, numbers made up
 * otherwise. Floating-point numbers lie from 0 to 1, integers are 0 and 1, which are indices almost
 * everywhere; the same sizes give the same numbers.
 */
public final class BenchInputs {
  private static final long SEED = 1;

  private final Program program;
  private final Map<String, Long> sizes;

  private BenchInputs(Program program, Map<String, Long> sizes) {
    this.program = program;
    this.sizes = sizes;
  }

  /**
   * One tensor for each input.
   *
   * @param sizes of symbols
   * @param files by the name of the input
   * @throws GraphException with code {@code unknown-size} if the signature has no size of a name,
   *     {@code missing-size} if neither {@code sizes} nor a file tells one, {@code size-conflict}
   *     if an input would have a negative size, and as {@link InputFiles#read}
   */
  public static Map<String, Tensor> of(
      Program program, Map<String, Long> sizes, Map<String, Path> files) {
    checkNames(program, sizes);
    Map<String, Tensor> tensors = InputFiles.read(files, program);
    Map<String, Long> all = new TreeMap<>(sizes);
    for (Program.Port port : program.inputs()) {
      Tensor tensor = tensors.get(port.name());
      if (tensor != null) {
        bind(port.view().type(), tensor, all);
      }
    }
    requireAll(program, all);
    return new BenchInputs(program, all).complete(tensors);
  }

  private static void checkNames(Program program, Map<String, Long> sizes) {
    Set<String> known = program.symbols();
    List<Diagnostic> problems = new ArrayList<>();
    for (String name : sizes.keySet()) {
      if (!known.contains(name)) {
        Diagnostic problem =
            error("unknown-size", "'%s' has no size '%s'".formatted(program.name(), name));
        problems.add(
            known.isEmpty()
                ? problem.withHelp("all its sizes are fixed")
                : problem.withHelp(Suggestion.help(name, "sizes", List.copyOf(known))));
      }
    }
    throwIfAny(problems);
  }

  /** Takes the sizes over that a given tensor tells; whether all agree is checked when it runs. */
  private static void bind(TensorType type, Tensor tensor, Map<String, Long> sizes) {
    for (int axis = 0; axis < Math.min(type.rank(), tensor.rank()); axis++) {
      for (String symbol : type.dim(axis).symbols()) {
        if (type.dim(axis).equals(Dim.symbol(symbol))) {
          sizes.putIfAbsent(symbol, tensor.size(axis));
        }
      }
    }
  }

  private static void requireAll(Program program, Map<String, Long> sizes) {
    List<Diagnostic> problems = new ArrayList<>();
    for (String symbol : program.symbols()) {
      if (!sizes.containsKey(symbol)) {
        problems.add(
            error(
                    "missing-size",
                    "'%s' is for any size %s, and none is given".formatted(program.name(), symbol))
                .withHelp("give one: --size %s=64".formatted(symbol)));
      }
    }
    throwIfAny(problems);
  }

  private Map<String, Tensor> complete(Map<String, Tensor> given) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Random random = new Random(SEED);
    for (Program.Port port : program.inputs()) {
      Tensor tensor = given.get(port.name());
      tensors.put(port.name(), tensor == null ? madeUp(port, random) : tensor);
    }
    return tensors;
  }

  private Tensor madeUp(Program.Port port, Random random) {
    TensorType type = port.view().type();
    long[] shape = new long[type.rank()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = size(port, type.dim(axis));
    }
    TensorType bound = TensorType.of(type.dtype(), shape);
    return Tensor.from(
        type.dtype().isFloat()
            ? HostTensor.ofDoubles(bound, _ -> random.nextFloat())
            : HostTensor.ofLongs(bound, _ -> random.nextInt(2)));
  }

  private long size(Program.Port port, Dim dim) {
    Optional<Long> size = evaluate(dim);
    if (size.isEmpty() || size.get() < 0) {
      throw new GraphException(
          error(
                  "size-conflict",
                  "the input '%s' of '%s' is %s, which is no type for %s"
                      .formatted(port.name(), program.name(), port.view().type(), sizes))
              .withHelp("give other sizes"));
    }
    return size.get();
  }

  private Optional<Long> evaluate(Dim dim) {
    try {
      return Optional.of(dim.evaluate(symbol -> sizes.getOrDefault(symbol, 0L)));
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static void throwIfAny(List<Diagnostic> problems) {
    if (!problems.isEmpty()) {
      throw new GraphException(problems);
    }
  }

  private static Diagnostic error(String code, String message) {
    return Diagnostic.error(code, message, Location.UNKNOWN);
  }
}
