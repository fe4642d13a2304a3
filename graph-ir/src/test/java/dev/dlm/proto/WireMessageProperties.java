package dev.dlm.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.WireFormat;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.plan.PlanSamples;
import dev.dlm.testing.RandomGraphs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** {@link WireMessage} reads what the generated classes read. */
class WireMessageProperties {
  private static final byte[] PLAN = PlanCodec.encode(PlanSamples.plan());
  private static final List<byte[]> GRAPHS =
      LongStream.range(0, 10).mapToObj(RandomGraphs::graph).map(GraphCodec::encode).toList();

  @Property(tries = 1000)
  void plans(@ForAll long seed) {
    compare(PlanMessages.PlanFile.parser(), ByteEdits.edited(PLAN, new Random(seed)));
  }

  @Property(tries = 1000)
  void graphs(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] graph = GRAPHS.get(random.nextInt(GRAPHS.size()));
    compare(GraphMessages.GraphFile.parser(), ByteEdits.edited(graph, random));
  }

  @Property(tries = 1000)
  void smallMessages(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    compareRandom(GraphMessages.AttributeValue.getDefaultInstance(), random);
    compareRandom(GraphMessages.Location.getDefaultInstance(), random);
    compareRandom(GraphMessages.Location.Source.getDefaultInstance(), random);
    compareRandom(GraphMessages.Node.getDefaultInstance(), random);
    compareRandom(GraphMessages.Signature.getDefaultInstance(), random);
    compareRandom(GraphMessages.Tensor.getDefaultInstance(), random);
    compareRandom(PlanMessages.Instruction.getDefaultInstance(), random);
    compareRandom(PlanMessages.ScanKernel.getDefaultInstance(), random);
    compareRandom(PlanMessages.WhileKernel.getDefaultInstance(), random);
  }

  /** Reads fields of a type, most of them with its numbers and their wire types. */
  private static void compareRandom(Message type, Random random) throws IOException {
    List<FieldDescriptor> fields = type.getDescriptorForType().getFields();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    for (int i = random.nextInt(6); i >= 0; i--) {
      int tag =
          random.nextInt(5) > 0
              ? tag(fields.get(random.nextInt(fields.size())))
              : 1 + random.nextInt(15) << 3 | random.nextInt(3);
      out.writeUInt32NoTag(tag);
      switch (WireFormat.getTagWireType(tag)) {
        case WireFormat.WIRETYPE_VARINT ->
            out.writeUInt64NoTag(random.nextLong() >> random.nextInt(64));
        case WireFormat.WIRETYPE_FIXED64 -> out.writeFixed64NoTag(random.nextLong());
        default -> {
          // A text, numbers, or a message with at most one small number.
          byte[] content = {8, (byte) random.nextInt(128)};
          out.writeByteArrayNoTag(random.nextBoolean() ? content : new byte[0]);
        }
      }
    }
    out.flush();
    compare(type.getParserForType(), bytes.toByteArray());
  }

  private static void compare(Parser<? extends Message> parser, byte[] bytes) {
    Message expected;
    try {
      expected = parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      // Here bytes fail only when they are asked for.
      return;
    }
    try {
      compare(expected, WireMessage.of(bytes));
    } catch (GraphException e) {
      // The two in which the generated classes are more lenient.
      assertThat(e.getMessage()).containsAnyOf("occurs twice", "has the wire type 3");
    }
  }

  private static void compare(Message expected, WireMessage found) {
    for (FieldDescriptor field : expected.getDescriptorForType().getFields()) {
      boolean isSet = true;
      if (field.getContainingOneof() != null) {
        int[] tags =
            field.getContainingOneof().getFields().stream()
                .mapToInt(WireMessageProperties::tag)
                .toArray();
        isSet = expected.hasField(field);
        assertThat(found.lastOf(tags) == field.getNumber()).isEqualTo(isSet);
      }
      if (isSet) {
        compareField(expected, found, field);
      }
    }
  }

  private static int tag(FieldDescriptor field) {
    return switch (field.getType()) {
      case BOOL, ENUM, UINT32, SINT32, SINT64 -> WireMessage.varint(field.getNumber());
      case DOUBLE -> WireMessage.fixed64(field.getNumber());
      default -> WireMessage.delimited(field.getNumber());
    };
  }

  private static void compareField(Message expected, WireMessage found, FieldDescriptor field) {
    int number = field.getNumber();
    if (field.getType() == FieldDescriptor.Type.MESSAGE) {
      compareMessages(expected, found, field);
      return;
    }
    Object value = expected.getField(field);
    if (field.isRepeated()) {
      assertThat(
              field.getType() == FieldDescriptor.Type.STRING
                  ? found.strings(number)
                  : found.uint32s(number))
          .isEqualTo(value);
      return;
    }
    switch (field.getType()) {
      case BOOL -> assertThat(found.bool(number)).isEqualTo(value);
      case UINT32 -> assertThat(found.uint32(number)).isEqualTo(value);
      case SINT32 -> assertThat(found.sint32(number)).isEqualTo(value);
      case SINT64 -> assertThat(found.sint64(number)).isEqualTo(value);
      case DOUBLE -> assertThat(found.float64(number)).isEqualTo(value);
      case STRING -> assertThat(found.string(number)).isEqualTo(value);
      case ENUM ->
          assertThat(found.enumNumber(number)).isEqualTo(((EnumValueDescriptor) value).getNumber());
      case BYTES ->
          assertThat(ByteString.copyFrom(found.bytes(number).toArray(ValueLayout.JAVA_BYTE)))
              .isEqualTo(value);
      default -> throw new AssertionError("no field of the format is of type " + field.getType());
    }
  }

  private static void compareMessages(Message expected, WireMessage found, FieldDescriptor field) {
    if (!field.isRepeated()) {
      assertThat(found.hasMessage(field.getNumber())).isEqualTo(expected.hasField(field));
      if (expected.hasField(field)) {
        compare((Message) expected.getField(field), found.message(field.getNumber()));
      }
      return;
    }
    List<WireMessage> messages = found.messages(field.getNumber());
    assertThat(messages).hasSize(expected.getRepeatedFieldCount(field));
    for (int i = 0; i < messages.size(); i++) {
      compare((Message) expected.getRepeatedField(field, i), messages.get(i));
    }
  }
}
