package dev.dlm.text;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Body;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Node;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.AttributeType;
import dev.dlm.op.Attributes;
import java.util.List;

/** Appends the parts of the text form to one text, with indentation. */
final class TextWriter {
  private final GraphPrinter.Options options;
  private final StringBuilder out = new StringBuilder();
  private int depth;

  TextWriter(GraphPrinter.Options options) {
    this.options = options;
  }

  void indent() {
    depth++;
  }

  void outdent() {
    depth--;
  }

  TextWriter newLine() {
    if (!out.isEmpty()) {
      out.append('\n');
    }
    out.repeat("  ", depth);
    return this;
  }

  void blankLine() {
    out.append('\n');
  }

  TextWriter text(String text) {
    out.append(text);
    return this;
  }

  TextWriter number(long number) {
    out.append(number);
    return this;
  }

  TextWriter value(Value value) {
    out.append('%').append(value.id());
    return this;
  }

  TextWriter typed(Value value) {
    return value(value).text(": ").text(value.type().toString());
  }

  TextWriter constant(Enum<?> constant) {
    return text(AttributeType.nameOf(constant));
  }

  TextWriter string(String string) {
    out.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
    return this;
  }

  /** The trailing part of a line that says where it comes from; nothing where that is unknown. */
  TextWriter at(Location location) {
    if (options.locations() && !(location instanceof Location.Unknown)) {
      text(" at ").location(location);
    }
    return this;
  }

  private TextWriter location(Location location) {
    return switch (location) {
      case Location.Unknown _ -> text("unknown");
      case Location.Source source ->
          string(source.file())
              .text(":" + source.line() + ":" + source.column())
              .text("-" + source.endLine() + ":" + source.endColumn());
      case Location.Called called ->
          text("call(")
              .location(called.callee())
              .text(", ")
              .string(called.name())
              .text(", ")
              .location(called.caller())
              .text(")");
      case Location.Derived derived ->
          text("derived(")
              .string(derived.relation())
              .text(", ")
              .location(derived.origin())
              .text(")");
      case Location.Fused fused -> {
        text("fused(");
        for (int i = 0; i < fused.parts().size(); i++) {
          text(i == 0 ? "" : ", ").location(fused.parts().get(i));
        }
        yield text(")");
      }
    };
  }

  TextWriter node(Node node) {
    for (int i = 0; i < node.results().size(); i++) {
      text(i == 0 ? "" : ", ").typed(node.results().get(i));
    }
    text(node.results().isEmpty() ? "" : " = ").text(node.op().name()).text("(");
    for (int i = 0; i < node.operands().size(); i++) {
      text(i == 0 ? "" : ", ").value(node.operands().get(i));
    }
    text(")");
    Record attributes = (Record) node.op();
    if (attributes.getClass().getRecordComponents().length > 0) {
      text(" ").group(attributes);
    }
    return at(node.location());
  }

  /** The components of a record: {@code {name = value, …}}. */
  TextWriter group(Record record) {
    List<AttributeType.Attribute> attributes = AttributeType.of(record.getClass());
    List<Object> values = Attributes.valuesOf(record);
    text("{");
    for (int i = 0; i < values.size(); i++) {
      text(i == 0 ? "" : ", ").text(attributes.get(i).name()).text(" = ");
      attribute(attributes.get(i).type(), values.get(i));
    }
    return text("}");
  }

  private void attribute(AttributeType type, Object value) {
    switch (type) {
      case AttributeType.Plain plain -> plain(plain, value);
      case AttributeType.Choice _ -> constant((Enum<?>) value);
      case AttributeType.Group _ -> group((Record) value);
      case AttributeType.Sequence sequence -> {
        text("[");
        boolean first = true;
        for (Object element : (List<?>) value) {
          text(first ? "" : ", ");
          first = false;
          attribute(sequence.element(), element);
        }
        text("]");
      }
    }
  }

  private void plain(AttributeType.Plain type, Object value) {
    switch (type) {
      case BOOLEAN, INT, LONG -> text(value.toString());
      case DOUBLE -> text(floating((double) value, DType.F64));
      case STRING -> string((String) value);
      case DTYPE -> text(((DType) value).text());
      case DIM -> text(((Dim) value).toString());
      case SHAPE -> text(((Shape) value).toString());
      case TENSOR_TYPE -> text(((TensorType) value).toString());
      case TENSOR -> tensor((HostTensor) value);
      case BODY -> body((Body) value);
    }
  }

  /** The type and the elements in row-major order; a number that reads back to the same one. */
  TextWriter tensor(HostTensor tensor) {
    text(tensor.type().toString()).text(" {");
    if (tensor.count() > options.largestConstant()) {
      return text("…}");
    }
    for (int i = 0; i < tensor.count(); i++) {
      text(i == 0 ? "" : ", ");
      if (tensor.dtype().isFloat()) {
        text(floating(tensor.doubleAt(i), tensor.dtype()));
      } else if (tensor.dtype() == DType.BOOL) {
        text(tensor.longAt(i) == 0 ? "false" : "true");
      } else {
        number(tensor.longAt(i));
      }
    }
    return text("}");
  }

  private static String floating(double value, DType dtype) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    return dtype == DType.F64 ? Double.toString(value) : Float.toString((float) value);
  }

  /** Parameters, nodes and results of a body inside of a node. */
  TextWriter body(Body body) {
    text("(");
    for (int i = 0; i < body.parameters().size(); i++) {
      text(i == 0 ? "" : ", ").typed(body.parameters().get(i));
    }
    text(") {");
    indent();
    body.nodes().forEach(node -> newLine().node(node));
    newLine().text("return");
    for (int i = 0; i < body.results().size(); i++) {
      text(i == 0 ? " " : ", ").value(body.results().get(i));
    }
    outdent();
    return newLine().text("}");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
