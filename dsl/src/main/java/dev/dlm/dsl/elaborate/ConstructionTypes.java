package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Declaration.ComponentKind;
import dev.dlm.dsl.syntax.Span;
import dev.dlm.dsl.syntax.TypeExpression;
import dev.dlm.ir.DType;
import java.util.List;
import java.util.Optional;

/** The types of construction values, and the conversions to them. */
final class ConstructionTypes {
  private static final List<String> NAMES =
      List.of(
          "any",
          "bool",
          "clip",
          "dtype",
          "float",
          "function",
          "initializer",
          "int",
          "layer",
          "list",
          "model",
          "optimizer",
          "schedule",
          "string",
          "tensor");

  private ConstructionTypes() {}

  /** Whether {@code type} names one of these types, rather than an element type. */
  static boolean isOne(TypeExpression type) {
    return type.dimensions().isEmpty() && NAMES.contains(type.name().text());
  }

  /** The name closest to a type that is neither one of these nor an element type. */
  static Optional<String> suggestion(String type) {
    return LikelyName.help(type, NAMES);
  }

  /**
   * {@code value} as one of {@code type}.
   *
   * @param what what takes it, for messages
   * @throws Problem with code {@code type-mismatch}
   */
  static Meaning convert(TypeExpression type, Meaning value, String what, Frame user, Span span) {
    return find(type.name().text(), value, user, span)
        .orElseThrow(() ->
            user.problem("type-mismatch", what + ": " + type + ", not " + value.kind(), span));
  }

  private static Optional<Meaning> find(String type, Meaning value, Frame user, Span span) {
    return switch (type) {
      case "any" -> Optional.of(value);
      case "tensor" -> Optional.of(value).filter(Meaning.Tensor.class::isInstance);
      case "int" -> Optional.of(value).filter(Meaning.Size.class::isInstance);
      case "bool" -> Optional.of(value).filter(Meaning.Truth.class::isInstance);
      case "string" -> Optional.of(value).filter(Meaning.Text.class::isInstance);
      case "dtype" -> Optional.of(value).filter(Meaning.ElementType.class::isInstance);
      case "list" -> Optional.of(value).filter(Meaning.Sequence.class::isInstance);
      case "float" ->
          value instanceof Meaning.Size size && size.dim().isConstant()
              ? Optional.of(new Meaning.Real(size.dim().asLong()))
              : Optional.of(value).filter(Meaning.Real.class::isInstance);
      case "function" ->
          Optional.of(value)
              .filter(v -> v instanceof Meaning.UserFunction || v instanceof Meaning.Primitive);
      case "model" ->
          Optional.of(value)
              .filter(v -> v instanceof Meaning.ModelMaker || v instanceof Meaning.ModelInstance);
      case "layer" ->
          Optional.of(value)
              .filter(v -> v instanceof Meaning.Maker || v instanceof Meaning.Instance);
      case "initializer" -> component(ComponentKind.INITIALIZER, value, user, span);
      case "optimizer" -> component(ComponentKind.OPTIMIZER, value, user, span);
      case "schedule" -> component(ComponentKind.SCHEDULE, value, user, span);
      case "clip" -> component(ComponentKind.CLIP, value, user, span);
      default -> Optional.empty();
    };
  }

  /**
   * A made thing of the given kind: itself, one made without arguments, or for a number the
   * constant initializer or schedule.
   */
  static Optional<Meaning> component(ComponentKind kind, Meaning value, Frame user, Span span) {
    return switch (value) {
      case Meaning.Instance instance ->
          Optional.<Meaning>of(instance).filter(v -> instance.maker().declaration().kind() == kind);
      case Meaning.Maker maker ->
          maker.declaration().kind() == kind
              ? Optional.of(new Calls(user).call(maker, List.of(), span, Optional.empty()))
              : Optional.empty();
      case Meaning.Size _, Meaning.Real _ -> Optional.of(constant(kind, value, user, span));
      case Meaning.Tensor _,
          Meaning.Truth _,
          Meaning.Text _,
          Meaning.ElementType _,
          Meaning.Sequence _,
          Meaning.UserFunction _,
          Meaning.Primitive _,
          Meaning.ModelMaker _,
          Meaning.ModelInstance _,
          Meaning.Imported _,
          Meaning.Poison _ ->
          Optional.empty();
    };
  }

  private static Meaning constant(ComponentKind kind, Meaning value, Frame user, Span span) {
    return switch (kind) {
      case INITIALIZER, SCHEDULE -> ConstantComponents.make(kind, value);
      case LAYER, OPTIMIZER, CLIP ->
          throw user.problem(
              "type-mismatch",
              "this takes "
                  + (kind == ComponentKind.OPTIMIZER ? "an " : "a ")
                  + kind.keyword()
                  + ", not "
                  + value.kind(),
              span);
    };
  }

  /** The element type that a written type asks of numbers, if it asks for one. */
  static Optional<DType> elementType(TypeExpression type, Scope scope) {
    Optional<Meaning> bound = scope.find(type.name().text());
    if (bound.isPresent() && bound.get() instanceof Meaning.ElementType element) {
      return Optional.of(element.dtype());
    }
    return DType.parse(type.name().text());
  }
}
