package dev.dlm.proto;

import com.google.protobuf.ByteString;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Element types, sizes, types and constants as messages. */
final class TypeCodec {
  private static final int MAX_RANK = 64;
  private static final int MAX_DIM_DEPTH = 64;

  private TypeCodec() {}

  static GraphMessages.DType encode(DType dtype) {
    return switch (dtype) {
      case F64 -> GraphMessages.DType.F64;
      case F32 -> GraphMessages.DType.F32;
      case BF16 -> GraphMessages.DType.BF16;
      case F16 -> GraphMessages.DType.F16;
      case I64 -> GraphMessages.DType.I64;
      case I32 -> GraphMessages.DType.I32;
      case I8 -> GraphMessages.DType.I8;
      case U8 -> GraphMessages.DType.U8;
      case BOOL -> GraphMessages.DType.BOOL;
    };
  }

  static DType decode(GraphMessages.DType dtype) {
    return switch (dtype) {
      case F64 -> DType.F64;
      case F32 -> DType.F32;
      case BF16 -> DType.BF16;
      case F16 -> DType.F16;
      case I64 -> DType.I64;
      case I32 -> DType.I32;
      case I8 -> DType.I8;
      case U8 -> DType.U8;
      case BOOL -> DType.BOOL;
      case DTYPE_UNSPECIFIED, UNRECOGNIZED -> throw Malformed.failure("an unknown element type");
    };
  }

  static GraphMessages.Dim encode(Dim dim) {
    GraphMessages.Dim.Builder message = GraphMessages.Dim.newBuilder();
    for (Dim.Term term : dim.terms()) {
      GraphMessages.Term.Builder encoded =
          message.addTermsBuilder().setCoefficient(term.coefficient());
      for (Dim.Atom factor : term.factors()) {
        switch (factor) {
          case Dim.Atom.Symbol symbol -> encoded.addFactorsBuilder().setSymbol(symbol.name());
          case Dim.Atom.Quotient quotient ->
              encoded
                  .addFactorsBuilder()
                  .getQuotientBuilder()
                  .setNumerator(encode(quotient.numerator()))
                  .setDenominator(encode(quotient.denominator()));
        }
      }
    }
    return message.build();
  }

  static Dim decode(GraphMessages.Dim message) {
    try {
      return decode(message, 0);
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw Malformed.failure("a bad size: " + e.getMessage());
    }
  }

  private static Dim decode(GraphMessages.Dim message, int depth) {
    if (depth > MAX_DIM_DEPTH) {
      throw Malformed.failure("a size is nested too deeply");
    }
    List<Dim> terms = new ArrayList<>();
    for (GraphMessages.Term term : message.getTermsList()) {
      Dim product = Dim.of(term.getCoefficient());
      for (GraphMessages.Factor factor : term.getFactorsList()) {
        product =
            product.times(
                switch (factor.getKindCase()) {
                  case SYMBOL -> Dim.symbol(factor.getSymbol());
                  case QUOTIENT ->
                      decode(factor.getQuotient().getNumerator(), depth + 1)
                          .floorDividedBy(decode(factor.getQuotient().getDenominator(), depth + 1));
                  case KIND_NOT_SET -> throw Malformed.failure("a factor of no kind");
                });
      }
      terms.add(product);
    }
    return terms.size() == 1 ? terms.get(0) : Dim.sum(terms);
  }

  static List<Dim> decode(List<GraphMessages.Dim> dims) {
    List<Dim> decoded = new ArrayList<>();
    for (GraphMessages.Dim dim : dims) {
      decoded.add(decode(dim));
    }
    return Collections.unmodifiableList(decoded);
  }

  static List<GraphMessages.Dim> encode(List<Dim> dims) {
    return dims.stream().map(TypeCodec::encode).toList();
  }

  static GraphMessages.Shape encode(Shape shape) {
    return GraphMessages.Shape.newBuilder().addAllDims(encode(shape.dims())).build();
  }

  static Shape decode(GraphMessages.Shape shape) {
    if (shape.getDimsCount() > MAX_RANK) {
      throw Malformed.failure("a shape of more than " + MAX_RANK + " sizes");
    }
    return new Shape(decode(shape.getDimsList()));
  }

  static GraphMessages.TensorType encode(TensorType type) {
    return GraphMessages.TensorType.newBuilder()
        .setDtype(encode(type.dtype()))
        .setShape(encode(type.shape()))
        .build();
  }

  static TensorType decode(GraphMessages.TensorType type) {
    Shape shape = decode(type.getShape());
    for (Dim dim : shape.dims()) {
      if (dim.isConstant() && dim.asLong() < 0) {
        throw Malformed.failure("a type has a negative size");
      }
    }
    return new TensorType(decode(type.getDtype()), shape);
  }

  static GraphMessages.Tensor encode(HostTensor tensor) {
    byte[] bytes = new byte[Math.toIntExact(tensor.type().sizeBytes().asLong())];
    tensor.toMemory(MemorySegment.ofArray(bytes));
    return GraphMessages.Tensor.newBuilder()
        .setType(encode(tensor.type()))
        .setElements(ByteString.copyFrom(bytes))
        .build();
  }

  static HostTensor decode(GraphMessages.Tensor tensor) {
    TensorType type = decode(tensor.getType());
    ByteString elements = tensor.getElements();
    if (!hasSizeBytes(type, elements.size())) {
      throw Malformed.failure("a constant " + type + " has " + elements.size() + " bytes");
    }
    return HostTensor.fromMemory(type, MemorySegment.ofBuffer(elements.asReadOnlyByteBuffer()));
  }

  private static boolean hasSizeBytes(TensorType type, long sizeBytes) {
    try {
      return type.shape().isConstant() && type.sizeBytes().is(sizeBytes);
    } catch (ArithmeticException e) {
      // More than 64 bits are more than any message holds.
      return false;
    }
  }
}
