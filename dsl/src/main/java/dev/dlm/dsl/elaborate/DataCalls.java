package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Argument;
import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Expression.BinaryOperator;
import dev.dlm.dsl.syntax.Name;
import dev.dlm.dsl.syntax.Span;
import dev.dlm.ir.ReaderParameter;
import dev.dlm.ir.ReaderSignature;
import dev.dlm.ir.TrainingRecipe.DataCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the calls of data readers: files, then arguments by name. */
final class DataCalls {
  private final Frame frame;
  private final int inputs;

  /**
   * @param inputs how many inputs of the model the data feed
   */
  DataCalls(Frame frame, int inputs) {
    this.frame = frame;
    this.inputs = inputs;
  }

  /** {@code a or b}: the first of them that is there. */
  List<DataCall> alternatives(Expression source) {
    if (source instanceof Expression.Binary binary && binary.operator() == BinaryOperator.OR) {
      List<DataCall> calls = new ArrayList<>(alternatives(binary.left()));
      calls.addAll(alternatives(binary.right()));
      return calls;
    }
    if (!(source instanceof Expression.Call call)
        || !(call.callee() instanceof Expression.Reference reader)) {
      throw frame.problem(
          "type-mismatch",
          "data comes from a reader, for example idx(\"images\", \"labels\")",
          source.span());
    }
    List<String> known = ReaderSignature.ALL.stream().map(ReaderSignature::name).toList();
    ReaderSignature signature =
        ReaderSignature.find(reader.name())
            .orElseThrow(() ->
                frame.problem(
                    "unknown-name",
                    "there is no data reader '" + reader.name() + "'",
                    reader.span(),
                    LikelyName.help(reader.name(), known)
                        .or(() -> Optional.of("readers are " + String.join(", ", known)))));
    return List.of(call(signature, call));
  }

  private DataCall call(ReaderSignature signature, Expression.Call call) {
    List<String> files = new ArrayList<>();
    Map<String, Object> options = new TreeMap<>();
    int position = 0;
    for (Argument argument : call.arguments()) {
      if (argument.name().isPresent()) {
        named(signature, argument, options);
        continue;
      }
      Object value = value(argument);
      if (signature.files() != ReaderSignature.Files.NONE) {
        if (!(value instanceof String file)) {
          throw count(signature, argument.span());
        }
        files.add(file);
      } else if (position < signature.parameters().size()) {
        put(signature.parameters().get(position++), value, argument.span(), options);
      } else {
        throw count(signature, argument.span());
      }
    }
    if (!signature.files().accepts(files.size(), inputs)) {
      throw count(signature, call.span());
    }
    if (inputs < signature.minInputs() || inputs > signature.maxInputs()) {
      throw frame.problem(
          "argument-count",
          "%s feeds %s, not %d"
              .formatted(
                  signature.name(),
                  signature.minInputs() == signature.maxInputs()
                      ? signature.minInputs() + " inputs"
                      : "%d or %d inputs".formatted(signature.minInputs(), signature.maxInputs()),
                  inputs),
          call.span());
    }
    for (ReaderParameter parameter : signature.parameters()) {
      if (parameter.standard().isEmpty() && !options.containsKey(parameter.name())) {
        throw frame.problem(
            "argument-count",
            "'%s' is not given: %s takes %s"
                .formatted(parameter.name(), signature.name(), parameter.expectation()),
            call.span(),
            Optional.of(signature.toString()));
      }
    }
    return DataCall.of(signature, files, options, frame.locate(call.span()));
  }

  private Problem count(ReaderSignature signature, Span span) {
    String wanted =
        switch (signature.files()) {
          case NONE -> "at most %d arguments".formatted(signature.parameters().size());
          case ONE, SOME -> signature.files().text() + " by position, the rest by name";
          case ONE_FOR_EACH_INPUT -> "one file for each of the %d inputs".formatted(inputs);
        };
    return frame.problem(
        "argument-count",
        signature.name() + " takes " + wanted,
        span,
        Optional.of(signature.toString()));
  }

  private void named(ReaderSignature signature, Argument argument, Map<String, Object> options) {
    Name name = argument.name().orElseThrow();
    List<String> known = signature.parameters().stream().map(ReaderParameter::name).toList();
    ReaderParameter parameter =
        signature
            .parameter(name.text())
            .orElseThrow(() ->
                frame.problem(
                    "unknown-argument",
                    "%s has no argument '%s'".formatted(signature.name(), name),
                    name.span(),
                    LikelyName.help(name.text(), known)
                        .or(() -> Optional.of(signature.toString()))));
    put(parameter, value(argument), argument.span(), options);
  }

  private void put(
      ReaderParameter parameter, Object value, Span span, Map<String, Object> options) {
    Object taken =
        parameter.kind() == ReaderParameter.Kind.COLUMNS
                && (value instanceof String || value instanceof Long)
            ? List.of(value)
            : value;
    if (!parameter.accepts(taken)) {
      throw frame.problem(
          "type-mismatch",
          "'%s' takes %s".formatted(parameter.name(), parameter.expectation()),
          span);
    }
    if (options.put(parameter.name(), taken) != null) {
      throw frame.problem(
          "duplicate-argument", "'%s' is given twice".formatted(parameter.name()), span);
    }
  }

  private Object value(Argument argument) {
    return value(new Evaluator(frame).evaluate(argument.value()), argument.span());
  }

  private Object value(Meaning meaning, Span span) {
    if (meaning instanceof Meaning.Text text) {
      return text.value();
    }
    if (meaning instanceof Meaning.Size size && size.dim().isConstant()) {
      return size.dim().asLong();
    }
    if (meaning instanceof Meaning.Real real) {
      return real.value();
    }
    if (meaning instanceof Meaning.Truth truth) {
      return truth.value();
    }
    if (meaning instanceof Meaning.Sequence sequence) {
      return sequence.elements().stream().map(element -> value(element, span)).toList();
    }
    throw frame.problem(
        "type-mismatch",
        "a data reader takes strings, numbers, bools and lists of them, not " + meaning.kind(),
        span);
  }
}
