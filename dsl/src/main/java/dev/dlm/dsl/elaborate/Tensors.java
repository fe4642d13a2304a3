package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Span;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.ir.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Adds nodes to the graph, and says what went wrong in the words of the source. */
final class Tensors {
  /** A tensor that takes part in an operation, and what it is called there. */
  record Operand(String name, Meaning.Tensor tensor) {
    /** The operand that {@code expression} gives, called by its name if it has one. */
    static Operand of(Expression expression, String otherwise, Meaning.Tensor tensor) {
      String name =
          expression instanceof Expression.Reference reference ? reference.name() : otherwise;
      return new Operand(name, tensor);
    }
  }

  private final Frame frame;

  Tensors(Frame frame) {
    this.frame = frame;
  }

  BodyBuilder body() {
    return frame.run().trace().body();
  }

  /**
   * A new tensor at {@code span}.
   *
   * @throws Problem if the graph refuses it
   */
  Meaning.Tensor make(String maker, Span span, List<Operand> operands, Supplier<Value> make) {
    body().at(frame.locate(span));
    try {
      return hold(make.get(), maker, span);
    } catch (GraphException e) {
      Diagnostic cause = e.diagnostics().getFirst();
      throw mismatch(cause.code(), cause.message(), span, operands, cause.help());
    }
  }

  /** Likewise, for several results of one operation. */
  List<Meaning.Tensor> makeAll(
      String maker, Span span, List<Operand> operands, Supplier<List<Value>> make) {
    List<Value> made = new ArrayList<>();
    make(
        maker,
        span,
        operands,
        () -> {
          made.addAll(make.get());
          return made.getFirst();
        });
    return made.stream().map(value -> hold(value, maker, span)).toList();
  }

  /** A value of the body that is traced now as a tensor made by {@code maker} at {@code span}. */
  Meaning.Tensor hold(Value value, String maker, Span span) {
    return new Meaning.Tensor(
        frame.run().trace().hold(value), maker, span.in(frame.module().file()));
  }

  /** What a variable holds. */
  Meaning.Tensor read(Variable variable, Location declared) {
    String role =
        switch (variable.role()) {
          case WEIGHT -> "weight ";
          case STATE, TRAINING -> "state ";
          case STREAM -> "stream ";
        };
    Trace trace = frame.run().trace();
    return new Meaning.Tensor(trace.hold(trace.read(variable)), role + variable.name(), declared);
  }

  /** A mistake in the types of operands, with a note on where each comes from. */
  Problem mismatch(
      String code, String message, Span span, List<Operand> operands, Optional<String> help) {
    Diagnostic diagnostic = frame.diagnostic(code, message, span);
    for (Operand operand : operands) {
      diagnostic = diagnostic.note(describe(operand), operand.tensor.origin());
    }
    return Problem.of(help.map(diagnostic::withHelp).orElse(diagnostic));
  }

  static String describe(Operand operand) {
    return operand.name + " is " + operand.tensor.type() + ", from " + operand.tensor.maker();
  }

  /** Whether {@code meaning} is a number that can stand where a tensor is wanted. */
  static boolean isNumber(Meaning meaning) {
    return meaning instanceof Meaning.Size
        || meaning instanceof Meaning.Real
        || meaning instanceof Meaning.Truth;
  }

  /**
   * A number as a scalar of the given element type.
   *
   * @throws Problem with code {@code dtype-mismatch} if the element type cannot hold such a number
   */
  Value scalar(Meaning number, DType dtype, Span span) {
    body().at(frame.locate(span));
    if (number instanceof Meaning.Size size && dtype != DType.BOOL) {
      return body().size(size.dim(), dtype);
    }
    if (number instanceof Meaning.Real real && dtype.isFloat()) {
      return body().scalar(dtype, real.value());
    }
    if (number instanceof Meaning.Truth truth && dtype == DType.BOOL) {
      return body().scalar(dtype, truth.value() ? 1 : 0);
    }
    throw frame.problem(
        "dtype-mismatch",
        number.kind() + " does not go with a tensor of " + dtype,
        span,
        dtype.isInteger()
            ? Optional.of("cast(x, f32) makes a floating-point tensor of an integer one")
            : Optional.empty());
  }

  /** The element type that a number has where nothing else decides. */
  static DType standardType(Meaning number) {
    if (number instanceof Meaning.Real) {
      return DType.F32;
    }
    return number instanceof Meaning.Truth ? DType.BOOL : DType.I32;
  }

  /**
   * The tensor that {@code meaning} is, or that a number or a list of numbers makes.
   *
   * @param wanted the element type for numbers, where it is known
   */
  Meaning.Tensor tensor(Meaning meaning, Optional<DType> wanted, String what, Span span) {
    if (meaning instanceof Meaning.Tensor tensor) {
      return tensor;
    }
    if (isNumber(meaning)) {
      DType dtype = wanted.orElse(standardType(meaning));
      return make("a number", span, List.of(), () -> scalar(meaning, dtype, span));
    }
    if (meaning instanceof Meaning.Sequence sequence && !sequence.elements().isEmpty()) {
      return list(sequence, wanted, what, span);
    }
    throw frame.problem("type-mismatch", what + " takes a tensor, not " + meaning.kind(), span);
  }

  private Meaning.Tensor list(
      Meaning.Sequence sequence, Optional<DType> wanted, String what, Span span) {
    List<Double> numbers = new ArrayList<>();
    List<Long> sizes = new ArrayList<>();
    boolean floats = collect(sequence, 0, numbers, sizes);
    long count = sizes.stream().reduce(1L, Math::multiplyExact);
    if (count != numbers.size()) {
      throw frame.problem(
          "type-mismatch",
          what + " takes a tensor; this list is not a regular one of numbers",
          span);
    }
    DType dtype = wanted.orElse(floats ? DType.F32 : DType.I32);
    TensorType type =
        new TensorType(dtype, Shape.of(sizes.stream().mapToLong(Long::longValue).toArray()));
    HostTensor tensor =
        dtype.isFloat()
            ? HostTensor.ofDoubles(type, numbers::get)
            : HostTensor.ofLongs(type, i -> numbers.get(i).longValue());
    return make("a list", span, List.of(), () -> body().constant(tensor));
  }

  /** Collects the numbers of nested lists; an irregular list gives fewer than its sizes say. */
  private static boolean collect(
      Meaning.Sequence sequence, int depth, List<Double> numbers, List<Long> sizes) {
    boolean floats = false;
    if (sizes.size() == depth) {
      sizes.add((long) sequence.elements().size());
    }
    if (sizes.get(depth) != sequence.elements().size()) {
      sizes.set(depth, -1L);
    }
    for (Meaning element : sequence.elements()) {
      if (element instanceof Meaning.Sequence inner) {
        floats |= collect(inner, depth + 1, numbers, sizes);
      } else if (element instanceof Meaning.Real real) {
        floats = true;
        numbers.add(real.value());
      } else if (element instanceof Meaning.Size size && size.dim().isConstant()) {
        numbers.add((double) size.dim().asLong());
      }
    }
    return floats;
  }
}
