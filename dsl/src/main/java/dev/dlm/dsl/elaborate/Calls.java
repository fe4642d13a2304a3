package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Declaration;
import dev.dlm.dsl.syntax.Declaration.ComponentKind;
import dev.dlm.dsl.syntax.Parameter;
import dev.dlm.dsl.syntax.Span;
import dev.dlm.dsl.syntax.Statement;
import dev.dlm.dsl.syntax.TypeExpression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Calls: of functions, to make things, and to apply what was made. The frame is the caller's. */
final class Calls {
  private final Frame frame;

  Calls(Frame frame) {
    this.frame = frame;
  }

  /**
   * Calls {@code callee}.
   *
   * @param name what a thing that the call makes is called
   */
  Meaning call(Meaning callee, List<CallArgument> arguments, Span span, Optional<String> name) {
    return switch (callee) {
      case Meaning.Primitive primitive -> primitive(primitive, arguments, span);
      case Meaning.UserFunction function -> function(function, arguments, span);
      case Meaning.Maker maker -> make(maker, arguments, span, name);
      case Meaning.Instance instance -> apply(instance, arguments, span);
      case Meaning.ModelMaker model -> ModelRunner.instantiate(frame, model, arguments, span);
      case Meaning.Poison _ -> throw Problem.consequence();
      case Meaning.Tensor _,
          Meaning.Size _,
          Meaning.Real _,
          Meaning.Truth _,
          Meaning.Text _,
          Meaning.ElementType _,
          Meaning.Sequence _,
          Meaning.ModelInstance _,
          Meaning.Imported _ ->
          throw frame.problem(
              "not-callable", "this is " + callee.kind() + ": it cannot be called", span);
    };
  }

  private Meaning primitive(Meaning.Primitive primitive, List<CallArgument> arguments, Span span) {
    Meaning result =
        primitive.function().apply(new PrimitiveCall(frame, primitive.name(), arguments, span));
    return made(result, primitive.name(), span);
  }

  private Meaning function(Meaning.UserFunction function, List<CallArgument> arguments, Span span) {
    Declaration.Function declaration = function.declaration();
    Frame callee =
        enter(
            function.toString(),
            function.module(),
            Frame.Kind.FUNCTION,
            new Scope(),
            frame.owner(),
            span);
    bind(declaration.parameters(), arguments, function.toString(), callee, span);
    Meaning result =
        run(callee, declaration.body(), declaration.results(), function.toString(), span);
    return made(result, function.toString(), span);
  }

  private Meaning make(
      Meaning.Maker maker, List<CallArgument> arguments, Span span, Optional<String> name) {
    Declaration.Component declaration = maker.declaration();
    boolean filling =
        declaration.kind() == ComponentKind.INITIALIZER
            && declaration.parameters().isEmpty()
            && arguments.size() == 1
            && arguments.getFirst().value() instanceof Meaning.Sequence;
    if (filling) {
      Meaning made = make(maker, List.of(), span, name);
      CallArgument dtype =
          new CallArgument(Optional.empty(), new Meaning.ElementType(dev.dlm.ir.DType.F32), span);
      return call(made, List.of(arguments.getFirst(), dtype), span, name);
    }
    Scope scope = new Scope();
    Owner owner =
        declaration.kind() == ComponentKind.LAYER
            ? frame.owner().below(name.orElse(snakeCase(declaration.name().text())))
            : frame.owner();
    Frame callee =
        enter(maker.toString(), maker.module(), Frame.Kind.CONSTRUCTION, scope, owner, span);
    Map<String, Meaning> bound =
        bind(declaration.parameters(), arguments, maker.toString(), callee, span);
    new StatementRunner(callee).run(declaration.construction());
    return new Meaning.Instance(maker, scope, owner, bound);
  }

  /** {@code LayerNorm} becomes {@code layer_norm}. */
  private static String snakeCase(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  /** Applies a thing that was made. */
  Meaning apply(Meaning.Instance instance, List<CallArgument> arguments, Span span) {
    return apply(instance, instance.owner().again(), arguments, span);
  }

  /** Likewise, with its variables named below {@code owner}. */
  Meaning apply(Meaning.Instance instance, Owner owner, List<CallArgument> arguments, Span span) {
    Declaration.Component declaration = instance.maker().declaration();
    if (declaration.apply().isEmpty()) {
      throw Problem.consequence();
    }
    Declaration.Apply apply = declaration.apply().get();
    Frame.Kind kind =
        switch (declaration.kind()) {
          case LAYER -> Frame.Kind.LAYER;
          case INITIALIZER -> Frame.Kind.INITIALIZER;
          case OPTIMIZER -> Frame.Kind.OPTIMIZER;
          case SCHEDULE -> Frame.Kind.SCHEDULE;
          case CLIP -> Frame.Kind.CLIP;
        };
    String name = instance.toString();
    Frame callee =
        enter(
            name, instance.maker().module(), kind, new Scope(instance.construction()), owner, span);
    bind(apply.parameters(), arguments, name, callee, span);
    return made(run(callee, apply.body(), apply.results(), name, span), name, span);
  }

  private Frame enter(
      String name, Module module, Frame.Kind kind, Scope scope, Owner owner, Span span) {
    CallChain chain = frame.call(name, span);
    if (chain.depth() > Run.MAXIMUM_CALL_DEPTH) {
      throw Problem.endingAllCalls(recursion(chain));
    }
    return new Frame(frame.run(), module, kind, scope, owner, Optional.of(chain));
  }

  /** Told at the outermost call, without the chain of the same calls over and over. */
  private static dev.dlm.diagnostic.Diagnostic recursion(CallChain chain) {
    CallChain outermost = chain;
    while (outermost.caller().isPresent()) {
      outermost = outermost.caller().get();
    }
    return dev.dlm.diagnostic.Diagnostic.error(
            "endless-recursion",
            outermost.name()
                + " does not end: it leads to more than "
                + Run.MAXIMUM_CALL_DEPTH
                + " calls within each other",
            outermost.place())
        .note("the innermost call is of " + chain.name(), chain.place())
        .withHelp("a layer or function that uses itself needs an 'if' that ends it");
  }

  /** Runs a body and meets what it returns with the declared result types. */
  private Meaning run(
      Frame callee, List<Statement> body, List<TypeExpression> results, String name, Span span) {
    new StatementRunner(callee).run(body);
    if (callee.result().isEmpty() && callee.hasFailed()) {
      throw Problem.consequence();
    }
    if (callee.result().isEmpty()) {
      throw callee.problem("missing-return", name + " returns nothing", span);
    }
    Meaning result = callee.result().get();
    if (result instanceof Meaning.Poison) {
      throw Problem.consequence();
    }
    if (results.isEmpty()) {
      return result;
    }
    List<Meaning> values =
        results.size() == 1
            ? List.of(result)
            : result instanceof Meaning.Sequence sequence ? sequence.elements() : List.of(result);
    Span returned = callee.returnSpan().orElse(span);
    if (values.size() != results.size()) {
      throw callee.problem(
          "result-count",
          name + " declares " + results.size() + " results and returns " + values.size(),
          returned);
    }
    List<Meaning> converted = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      converted.add(
          convert(
              results.get(i),
              values.get(i),
              name + " returns",
              "the result",
              callee,
              callee,
              returned));
    }
    return results.size() == 1 ? converted.getFirst() : new Meaning.Sequence(converted);
  }

  /** Binds arguments to parameters in the scope of {@code callee}. */
  Map<String, Meaning> bind(
      List<Parameter> parameters,
      List<CallArgument> arguments,
      String name,
      Frame callee,
      Span span) {
    Map<String, CallArgument> given = new LinkedHashMap<>();
    int position = 0;
    for (CallArgument argument : arguments) {
      if (argument.name().isEmpty()) {
        if (position >= parameters.size()) {
          throw frame.problem(
              "argument-count",
              name + " takes " + count(parameters.size()) + ", not " + positional(arguments),
              argument.span(),
              Optional.of(usage(name, parameters)));
        }
        given.put(parameters.get(position++).name().text(), argument);
        continue;
      }
      String wanted = argument.name().get().text();
      List<String> names = parameters.stream().map(p -> p.name().text()).toList();
      if (!names.contains(wanted)) {
        throw frame.problem(
            "unknown-argument",
            name + " has no parameter '" + wanted + "'",
            argument.name().get().span(),
            LikelyName.help(wanted, names).or(() -> Optional.of(usage(name, parameters))));
      }
      if (given.putIfAbsent(wanted, argument) != null) {
        throw frame.problem(
            "duplicate-argument", "'" + wanted + "' is given twice", argument.name().get().span());
      }
    }
    Map<String, Meaning> bound = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      Meaning value =
          argument(
              parameter,
              Optional.ofNullable(given.get(parameter.name().text())),
              name,
              parameters,
              callee,
              span);
      callee.scope().bind(parameter.name().text(), value);
      bound.put(parameter.name().text(), value);
    }
    return bound;
  }

  private Meaning argument(
      Parameter parameter,
      Optional<CallArgument> given,
      String name,
      List<Parameter> parameters,
      Frame callee,
      Span span) {
    Meaning value;
    Frame user = frame;
    Span place;
    if (given.isPresent()) {
      value = given.get().value();
      place = given.get().span();
    } else if (parameter.standard().isPresent()) {
      value = new Evaluator(callee).evaluate(parameter.standard().get());
      user = callee;
      place = parameter.standard().get().span();
    } else {
      throw frame.problem(
          "argument-count",
          name + " needs an argument for '" + parameter.name() + "'",
          span,
          Optional.of(usage(name, parameters)));
    }
    if (parameter.type().isEmpty()) {
      return value;
    }
    return convert(
        parameter.type().get(),
        value,
        name + " takes " + parameter.name(),
        parameter.name().text(),
        callee,
        user,
        place);
  }

  private static Meaning convert(
      TypeExpression type,
      Meaning value,
      String what,
      String name,
      Frame callee,
      Frame user,
      Span span) {
    if (ConstructionTypes.isOne(type)) {
      return ConstructionTypes.convert(type, value, what, user, span);
    }
    Optional<String> misspelt =
        type.dimensions().isEmpty()
            ? ConstructionTypes.suggestion(type.name().text())
            : Optional.empty();
    if (type.dimensions().isEmpty()
        && ConstructionTypes.elementType(type, callee.scope()).isEmpty()) {
      throw callee.problem("unknown-type", "'" + type + "' is not a type", type.span(), misspelt);
    }
    Meaning.Tensor tensor =
        new Tensors(user)
            .tensor(
                value,
                ConstructionTypes.elementType(type, callee.scope()),
                what + ": " + type + ",",
                span);
    new TypeBinder(callee).bind(type, tensor, what, name, user, span);
    return tensor;
  }

  private static String count(int parameters) {
    return parameters == 1 ? "1 argument" : parameters + " arguments";
  }

  private static long positional(List<CallArgument> arguments) {
    return arguments.stream().filter(argument -> argument.name().isEmpty()).count();
  }

  private static String usage(String name, List<Parameter> parameters) {
    List<String> texts = new ArrayList<>();
    for (Parameter parameter : parameters) {
      String type = parameter.type().map(t -> ": " + t).orElse("");
      texts.add(parameter.name() + type + (parameter.standard().isPresent() ? " = …" : ""));
    }
    return "it is " + name + "(" + String.join(", ", texts) + ")";
  }

  /** Marks tensors as the results of this call. */
  private Meaning made(Meaning result, String maker, Span span) {
    if (result instanceof Meaning.Tensor tensor) {
      return tensor.madeBy(maker, span.in(frame.module().file()));
    }
    if (result instanceof Meaning.Sequence sequence) {
      return new Meaning.Sequence(
          sequence.elements().stream().map(element -> made(element, maker, span)).toList());
    }
    return result;
  }
}
