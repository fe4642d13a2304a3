package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Span;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A call of a function that the language brings, and its arguments in the form it needs them. */
final class PrimitiveCall {
  private final Frame frame;
  private final String name;
  private final List<CallArgument> arguments;
  private final Span span;
  private final Map<String, CallArgument> given = new LinkedHashMap<>();
  private final List<Tensors.Operand> operands = new ArrayList<>();

  PrimitiveCall(Frame frame, String name, List<CallArgument> arguments, Span span) {
    this.frame = frame;
    this.name = name;
    this.arguments = arguments;
    this.span = span;
  }

  Frame frame() {
    return frame;
  }

  Span span() {
    return span;
  }

  /** The arguments as they are given, for functions without a list of parameters. */
  List<CallArgument> arguments() {
    return arguments;
  }

  BodyBuilder body() {
    return frame.run().trace().body();
  }

  /**
   * Binds the arguments.
   *
   * @param parameters their names; those that may be left out end in {@code ?}
   */
  PrimitiveCall bind(List<String> parameters) {
    List<String> names = parameters.stream().map(p -> p.replace("?", "")).toList();
    String usage = "it is " + name + "(" + String.join(", ", parameters) + ")";
    int position = 0;
    for (CallArgument argument : arguments) {
      String parameter;
      if (argument.name().isPresent()) {
        parameter = argument.name().get().text();
        if (!names.contains(parameter)) {
          throw frame.problem(
              "unknown-argument",
              name + " has no parameter '" + parameter + "'",
              argument.name().get().span(),
              LikelyName.help(parameter, names).or(() -> Optional.of(usage)));
        }
      } else if (position < names.size()) {
        parameter = names.get(position++);
      } else {
        throw frame.problem(
            "argument-count",
            name + " takes " + names.size() + " arguments at most, not " + arguments.size(),
            argument.span(),
            Optional.of(usage));
      }
      if (given.putIfAbsent(parameter, argument) != null) {
        throw frame.problem(
            "duplicate-argument", "'" + parameter + "' is given twice", argument.span());
      }
    }
    for (String parameter : parameters) {
      if (!parameter.endsWith("?") && !given.containsKey(parameter)) {
        throw frame.problem(
            "argument-count",
            name + " needs an argument for '" + parameter + "'",
            span,
            Optional.of(usage));
      }
    }
    return this;
  }

  boolean has(String parameter) {
    return given.containsKey(parameter);
  }

  private CallArgument argument(String parameter) {
    CallArgument argument = given.get(parameter);
    if (argument == null) {
      throw new IllegalStateException(name + " asks for " + parameter + " without a look");
    }
    return argument;
  }

  Meaning meaning(String parameter) {
    return argument(parameter).value();
  }

  Span spanOf(String parameter) {
    return argument(parameter).span();
  }

  /** A tensor argument; a number becomes one of the wanted element type. */
  Value tensor(String parameter, Optional<DType> wanted) {
    CallArgument argument = argument(parameter);
    Tensors tensors = new Tensors(frame);
    Meaning.Tensor tensor =
        tensors.tensor(argument.value(), wanted, what(parameter) + ":", argument.span());
    operands.add(new Tensors.Operand(parameter, tensor));
    return tensor.value();
  }

  /** A tensor argument of a function without a list of parameters. */
  Value operand(String what, CallArgument argument, Optional<DType> wanted) {
    Meaning.Tensor tensor =
        new Tensors(frame).tensor(argument.value(), wanted, what(what) + ":", argument.span());
    operands.add(new Tensors.Operand(what, tensor));
    return tensor.value();
  }

  Value tensor(String parameter) {
    return tensor(parameter, Optional.empty());
  }

  /** Every element of a list of tensors. */
  List<Value> tensorList(String parameter) {
    return tensorList(parameter, Optional.empty());
  }

  /** Every element of a list of tensors; numbers become tensors of the wanted element type. */
  List<Value> tensorList(String parameter, Optional<DType> wanted) {
    List<Value> values = new ArrayList<>();
    for (Meaning element : list(parameter)) {
      Meaning.Tensor tensor =
          new Tensors(frame).tensor(element, wanted, what(parameter) + ":", spanOf(parameter));
      operands.add(new Tensors.Operand(parameter, tensor));
      values.add(tensor.value());
    }
    return values;
  }

  List<Meaning> list(String parameter) {
    if (meaning(parameter) instanceof Meaning.Sequence sequence) {
      return sequence.elements();
    }
    throw wrong(parameter, "a list");
  }

  /** A new tensor made of the arguments asked for so far. */
  Meaning.Tensor make(Supplier<Value> make) {
    return new Tensors(frame).make(name, span, operands, make);
  }

  boolean truth(String parameter, boolean standard) {
    if (!has(parameter)) {
      return standard;
    }
    if (meaning(parameter) instanceof Meaning.Truth truth) {
      return truth.value();
    }
    throw wrong(parameter, "a bool");
  }

  DType dtype(String parameter, DType standard) {
    if (!has(parameter)) {
      return standard;
    }
    if (meaning(parameter) instanceof Meaning.ElementType element) {
      return element.dtype();
    }
    throw wrong(parameter, "a dtype");
  }

  long integer(String parameter) {
    return constant(meaning(parameter), parameter);
  }

  private long constant(Meaning meaning, String parameter) {
    if (meaning instanceof Meaning.Size size && size.dim().isConstant()) {
      return size.dim().asLong();
    }
    throw wrong(parameter, "an int");
  }

  /** A list of sizes. */
  List<Dim> dims(String parameter) {
    List<Dim> dims = new ArrayList<>();
    for (Meaning element : list(parameter)) {
      if (!(element instanceof Meaning.Size size)) {
        throw wrong(parameter, "a list of sizes");
      }
      dims.add(size.dim());
    }
    return dims;
  }

  Shape shape(String parameter) {
    for (Dim dim : dims(parameter)) {
      if (dim.isConstant() && dim.asLong() < 0) {
        throw wrong(parameter, "a list of sizes that are not negative");
      }
    }
    return new Shape(dims(parameter));
  }

  /** An int for each of {@code count} axes: a list of as many, or one for all. */
  List<Long> perAxis(String parameter, int count, long standard) {
    if (!has(parameter)) {
      return Collections.nCopies(count, standard);
    }
    if (meaning(parameter) instanceof Meaning.Sequence sequence) {
      if (sequence.elements().size() != count) {
        throw wrong(parameter, "an int or a list of " + count + " ints");
      }
      return sequence.elements().stream().map(e -> constant(e, parameter)).toList();
    }
    return Collections.nCopies(count, constant(meaning(parameter), parameter));
  }

  /** An axis of a tensor of rank {@code rank}; negative ones count from the last. */
  int axis(String parameter, int rank, int standard) {
    long axis = has(parameter) ? integer(parameter) : standard;
    return checkAxis(axis, rank, parameter);
  }

  private int checkAxis(long axis, int rank, String parameter) {
    long positive = axis < 0 ? axis + rank : axis;
    if (positive < 0 || positive >= rank) {
      throw new Tensors(frame)
          .mismatch(
              "shape-mismatch",
              name + ": axis " + axis + " is not one of a tensor of rank " + rank,
              has(parameter) ? spanOf(parameter) : span,
              operands,
              Optional.empty());
    }
    return (int) positive;
  }

  /** Axes, increasing: one, a list, or all of them for {@code "all"} and by default. */
  List<Integer> axes(String parameter, int rank) {
    if (!has(parameter) || meaning(parameter).equals(new Meaning.Text("all"))) {
      List<Integer> all = new ArrayList<>();
      for (int axis = 0; axis < rank; axis++) {
        all.add(axis);
      }
      return all;
    }
    if (meaning(parameter) instanceof Meaning.Sequence sequence) {
      return sequence.elements().stream()
          .map(e -> checkAxis(constant(e, parameter), rank, parameter))
          .sorted()
          .distinct()
          .toList();
    }
    return List.of(axis(parameter, rank, 0));
  }

  Problem wrong(String parameter, String wanted) {
    return frame.problem(
        "type-mismatch",
        what(parameter) + ": " + wanted + ", not " + meaning(parameter).kind(),
        spanOf(parameter));
  }

  Problem problem(String code, String message) {
    return new Tensors(frame)
        .mismatch(code, name + ": " + message, span, operands, Optional.empty());
  }

  private String what(String parameter) {
    return name + " takes " + parameter;
  }
}
