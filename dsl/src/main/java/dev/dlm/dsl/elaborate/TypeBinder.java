package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Span;
import dev.dlm.dsl.syntax.TypeExpression;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Guard;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Meets written types with values: names in a type that are not known yet are bound to what they
 * meet, known ones must be equal to it.
 *
 * <p>The frame is that of the code in which the type stands.
 */
final class TypeBinder {
  private final Frame frame;

  TypeBinder(Frame frame) {
    this.frame = frame;
  }

  /** The type of an input; names that are not known become sizes bound when the model runs. */
  TensorType declare(TypeExpression type) {
    DType dtype = dtype(type).orElseThrow(() -> unknownDType(type));
    List<Dim> dims = new ArrayList<>();
    for (TypeExpression.Dimension dimension : type.dimensions().orElse(List.of())) {
      switch (dimension) {
        case TypeExpression.Spread spread -> dims.addAll(spread(spread));
        case TypeExpression.Size size -> {
          Optional<String> free = freeName(size);
          free.ifPresent(name -> frame.scope().bind(name, new Meaning.Size(Dim.symbol(name))));
          dims.add(size(size));
        }
      }
    }
    return new TensorType(dtype, new Shape(dims));
  }

  /** A type in which every name must be known. */
  TensorType evaluate(TypeExpression type) {
    DType dtype = dtype(type).orElseThrow(() -> unknownDType(type));
    List<Dim> dims = new ArrayList<>();
    for (TypeExpression.Dimension dimension : type.dimensions().orElse(List.of())) {
      switch (dimension) {
        case TypeExpression.Spread spread -> dims.addAll(spread(spread));
        case TypeExpression.Size size -> dims.add(size(size));
      }
    }
    return new TensorType(dtype, new Shape(dims));
  }

  private Problem unknownDType(TypeExpression type) {
    List<String> known = new ArrayList<>();
    for (DType dtype : DType.values()) {
      known.add(dtype.text());
    }
    return frame.problem(
        "unknown-type",
        "'" + type.name() + "' is not an element type",
        type.name().span(),
        LikelyName.help(type.name().text(), known)
            .or(() -> Optional.of("element types are " + String.join(", ", known))));
  }

  private Optional<DType> dtype(TypeExpression type) {
    Optional<Meaning> bound = frame.scope().find(type.name().text());
    if (bound.isPresent() && bound.get() instanceof Meaning.ElementType element) {
      return Optional.of(element.dtype());
    }
    return DType.parse(type.name().text());
  }

  private List<Dim> spread(TypeExpression.Spread spread) {
    Optional<Meaning> known = frame.scope().find(spread.name().text());
    if (known.isEmpty()) {
      throw frame.problem(
          "unknown-name",
          "'" + spread.name() + "' is not known here",
          spread.name().span(),
          LikelyName.help(spread.name().text(), frame.scope().names()));
    }
    return sizes(known.get(), spread.span());
  }

  private List<Dim> sizes(Meaning meaning, Span span) {
    List<Dim> dims = new ArrayList<>();
    if (meaning instanceof Meaning.Sequence sequence) {
      for (Meaning element : sequence.elements()) {
        if (!(element instanceof Meaning.Size size)) {
          throw frame.problem("type-mismatch", "a size is an int, not " + element.kind(), span);
        }
        dims.add(size.dim());
      }
      return dims;
    }
    throw frame.problem("type-mismatch", "'..' takes a list of sizes, not " + meaning.kind(), span);
  }

  private Dim size(TypeExpression.Size size) {
    Meaning value = new Evaluator(frame).evaluate(size.value());
    if (!(value instanceof Meaning.Size known)) {
      throw frame.problem("type-mismatch", "a size is an int, not " + value.kind(), size.span());
    }
    if (known.dim().isConstant() && known.dim().asLong() < 0) {
      throw frame.problem("shape-mismatch", "a size is not negative", size.span());
    }
    return known.dim();
  }

  /** The name that a dimension would bind: a plain name that stands for no size yet. */
  private Optional<String> freeName(TypeExpression.Size size) {
    if (!(size.value() instanceof Expression.Reference reference)) {
      return Optional.empty();
    }
    if (frame.scope().find(reference.name()).isPresent()) {
      return Optional.empty();
    }
    boolean constant = frame.module().findConstant(reference.name()).isPresent();
    return constant ? Optional.empty() : Optional.of(reference.name());
  }

  /**
   * Meets the tensor type {@code type} with the tensor that stands at {@code span} of {@code user}.
   *
   * @param what what is typed, for messages, for example {@code nn.Dense takes x}
   * @param name what the tensor is called in notes
   */
  void bind(
      TypeExpression type, Meaning.Tensor tensor, String what, String name, Frame user, Span span) {
    TensorType actual = tensor.value().type();
    Optional<DType> dtype = dtype(type);
    if (dtype.isEmpty()) {
      frame.scope().bind(type.name().text(), new Meaning.ElementType(actual.dtype()));
    } else if (dtype.get() != actual.dtype()) {
      throw mismatch(
          "dtype-mismatch", what + ": " + type + ", not " + actual, type, tensor, name, user, span);
    }
    List<TypeExpression.Dimension> dimensions = type.dimensions().orElse(List.of());
    long spreads = dimensions.stream().filter(d -> d instanceof TypeExpression.Spread).count();
    if (spreads > 1) {
      throw frame.problem("type-mismatch", "a type has one '..' at most", type.span());
    }
    int fixed = dimensions.size() - (int) spreads;
    boolean fits = spreads == 1 ? actual.rank() >= fixed : actual.rank() == fixed;
    if (!fits) {
      throw mismatch(
          "shape-mismatch", what + ": " + type + ", not " + actual, type, tensor, name, user, span);
    }
    int axis = 0;
    for (TypeExpression.Dimension dimension : dimensions) {
      switch (dimension) {
        case TypeExpression.Spread spread -> {
          int count = actual.rank() - fixed;
          List<Dim> taken = actual.shape().dims().subList(axis, axis + count);
          bindSpread(spread, taken, type, tensor, what, name, user, span);
          axis += count;
        }
        case TypeExpression.Size size -> {
          bindSize(size, actual.dim(axis), type, tensor, what, name, user, span);
          axis++;
        }
      }
    }
  }

  private void bindSpread(
      TypeExpression.Spread spread,
      List<Dim> taken,
      TypeExpression type,
      Meaning.Tensor tensor,
      String what,
      String name,
      Frame user,
      Span span) {
    Optional<Meaning> known = frame.scope().find(spread.name().text());
    if (known.isEmpty()) {
      frame.scope().bind(spread.name().text(), Meaning.Sequence.ofSizes(taken));
      return;
    }
    List<Dim> wanted = sizes(known.get(), spread.span());
    if (wanted.size() != taken.size()) {
      throw mismatch(
          "shape-mismatch",
          what + ": " + type + ", where " + spread.name() + " is " + wanted + ", not " + taken,
          type,
          tensor,
          name,
          user,
          span);
    }
    for (int i = 0; i < wanted.size(); i++) {
      require(
          wanted.get(i), taken.get(i), spread.name().text(), type, tensor, what, name, user, span);
    }
  }

  private void bindSize(
      TypeExpression.Size size,
      Dim actual,
      TypeExpression type,
      Meaning.Tensor tensor,
      String what,
      String name,
      Frame user,
      Span span) {
    Optional<String> free = freeName(size);
    if (free.isPresent()) {
      frame.scope().bind(free.get(), new Meaning.Size(actual));
      return;
    }
    String written =
        size.value() instanceof Expression.Reference reference ? reference.name() : "a size";
    require(size(size), actual, written, type, tensor, what, name, user, span);
  }

  private void require(
      Dim wanted,
      Dim actual,
      String written,
      TypeExpression type,
      Meaning.Tensor tensor,
      String what,
      String name,
      Frame user,
      Span span) {
    if (wanted.equals(actual)) {
      return;
    }
    if (wanted.minus(actual).isConstant()) {
      throw mismatch(
          "shape-mismatch",
          what + ": " + type + ", where " + written + " is " + wanted + ", not " + actual,
          type,
          tensor,
          name,
          user,
          span);
    }
    frame
        .run()
        .trace()
        .require(
            new Guard(Guard.Relation.EQUAL, wanted, actual, what + ": " + type, user.locate(span)));
  }

  private Problem mismatch(
      String code,
      String message,
      TypeExpression type,
      Meaning.Tensor tensor,
      String name,
      Frame user,
      Span span) {
    var diagnostic =
        user.diagnostic(code, message, span)
            .note(Tensors.describe(new Tensors.Operand(name, tensor)), tensor.origin());
    if (!frame.module().isLibrary()) {
      diagnostic =
          diagnostic.note("the type is declared here", type.span().in(frame.module().file()));
    }
    return Problem.of(diagnostic);
  }
}
