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

  private static final int[] FACTORS = {
    WireMessage.delimited(GraphMessages.Factor.SYMBOL_FIELD_NUMBER),
    WireMessage.delimited(GraphMessages.Factor.QUOTIENT_FIELD_NUMBER)
  };

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

  static DType decodeDType(int number) {
    return switch (number) {
      case GraphMessages.DType.F64_VALUE -> DType.F64;
      case GraphMessages.DType.F32_VALUE -> DType.F32;
      case GraphMessages.DType.BF16_VALUE -> DType.BF16;
      case GraphMessages.DType.F16_VALUE -> DType.F16;
      case GraphMessages.DType.I64_VALUE -> DType.I64;
      case GraphMessages.DType.I32_VALUE -> DType.I32;
      case GraphMessages.DType.I8_VALUE -> DType.I8;
      case GraphMessages.DType.U8_VALUE -> DType.U8;
      case GraphMessages.DType.BOOL_VALUE -> DType.BOOL;
      default -> throw Malformed.failure("an unknown element type");
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

  static Dim decodeDim(WireMessage dim) {
    try {
      return decodeDim(dim, 0);
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw Malformed.failure("a bad size: " + e.getMessage());
    }
  }

  private static Dim decodeDim(WireMessage dim, int depth) {
    if (depth > MAX_DIM_DEPTH) {
      throw Malformed.failure("a size is nested too deeply");
    }
    List<Dim> terms = new ArrayList<>();
    for (WireMessage term : dim.messages(GraphMessages.Dim.TERMS_FIELD_NUMBER)) {
      Dim product = Dim.of(term.sint64(GraphMessages.Term.COEFFICIENT_FIELD_NUMBER));
      for (WireMessage factor : term.messages(GraphMessages.Term.FACTORS_FIELD_NUMBER)) {
        product = product.times(decodeFactor(factor, depth));
      }
      terms.add(product);
    }
    return terms.size() == 1 ? terms.get(0) : Dim.sum(terms);
  }

  private static Dim decodeFactor(WireMessage factor, int depth) {
    return switch (factor.lastOf(FACTORS)) {
      case GraphMessages.Factor.SYMBOL_FIELD_NUMBER ->
          Dim.symbol(factor.string(GraphMessages.Factor.SYMBOL_FIELD_NUMBER));
      case GraphMessages.Factor.QUOTIENT_FIELD_NUMBER -> {
        WireMessage quotient = factor.message(GraphMessages.Factor.QUOTIENT_FIELD_NUMBER);
        Dim numerator =
            decodeDim(quotient.message(GraphMessages.Quotient.NUMERATOR_FIELD_NUMBER), depth + 1);
        Dim denominator =
            decodeDim(quotient.message(GraphMessages.Quotient.DENOMINATOR_FIELD_NUMBER), depth + 1);
        yield numerator.floorDividedBy(denominator);
      }
      default -> throw Malformed.failure("a factor of no kind");
    };
  }

  static List<Dim> decodeDims(List<WireMessage> dims) {
    List<Dim> decoded = new ArrayList<>();
    for (WireMessage dim : dims) {
      decoded.add(decodeDim(dim));
    }
    return Collections.unmodifiableList(decoded);
  }

  static List<GraphMessages.Dim> encode(List<Dim> dims) {
    return dims.stream().map(TypeCodec::encode).toList();
  }

  static GraphMessages.Shape encode(Shape shape) {
    return GraphMessages.Shape.newBuilder().addAllDims(encode(shape.dims())).build();
  }

  static Shape decodeShape(WireMessage shape) {
    List<WireMessage> dims = shape.messages(GraphMessages.Shape.DIMS_FIELD_NUMBER);
    if (dims.size() > MAX_RANK) {
      throw Malformed.failure("a shape of more than " + MAX_RANK + " sizes");
    }
    return new Shape(decodeDims(dims));
  }

  static GraphMessages.TensorType encode(TensorType type) {
    return GraphMessages.TensorType.newBuilder()
        .setDtype(encode(type.dtype()))
        .setShape(encode(type.shape()))
        .build();
  }

  static TensorType decodeType(WireMessage type) {
    Shape shape = decodeShape(type.message(GraphMessages.TensorType.SHAPE_FIELD_NUMBER));
    for (Dim dim : shape.dims()) {
      if (dim.isConstant() && dim.asLong() < 0) {
        throw Malformed.failure("a type has a negative size");
      }
    }
    return new TensorType(
        decodeDType(type.enumNumber(GraphMessages.TensorType.DTYPE_FIELD_NUMBER)), shape);
  }

  static GraphMessages.Tensor encode(HostTensor tensor) {
    byte[] bytes = new byte[Math.toIntExact(tensor.type().sizeBytes().asLong())];
    tensor.toMemory(MemorySegment.ofArray(bytes));
    return GraphMessages.Tensor.newBuilder()
        .setType(encode(tensor.type()))
        .setElements(ByteString.copyFrom(bytes))
        .build();
  }

  static HostTensor decodeTensor(WireMessage tensor) {
    TensorType type = decodeType(tensor.message(GraphMessages.Tensor.TYPE_FIELD_NUMBER));
    MemorySegment elements = tensor.bytes(GraphMessages.Tensor.ELEMENTS_FIELD_NUMBER);
    if (!hasSizeBytes(type, elements.byteSize())) {
      throw Malformed.failure("a constant " + type + " has " + elements.byteSize() + " bytes");
    }
    return HostTensor.fromMemory(type, elements);
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
