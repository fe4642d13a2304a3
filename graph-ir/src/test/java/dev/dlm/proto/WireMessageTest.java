package dev.dlm.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.dlm.diagnostic.GraphException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireMessageTest {
  /** Writes the fields of a message. */
  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] bytes(Fields fields) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      fields.write(out);
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static WireMessage message(Fields fields) {
    return WireMessage.of(bytes(fields));
  }

  private static WireMessage raw(int... bytes) {
    byte[] narrow = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      narrow[i] = (byte) bytes[i];
    }
    return WireMessage.of(narrow);
  }

  private static void assertInvalid(ThrowingCallable reading, String message) {
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(
            GraphException.class,
            e -> assertThat(e.diagnostics().get(0).code()).isEqualTo("bytes-invalid"))
        .hasMessageContaining(message);
  }

  @Test
  void scalars_areRead() {
    WireMessage message =
        message(out -> {
          out.writeUInt32(1, -2);
          out.writeSInt32(2, Integer.MIN_VALUE);
          out.writeSInt64(3, Long.MIN_VALUE);
          out.writeBool(4, true);
          out.writeDouble(5, -0.1);
          out.writeEnum(6, -1);
          out.writeString(7, "größer \uFFFD \uD83D\uDE00");
          out.writeFixed32(8, 9);
          out.writeUInt32(536_870_911, 7);
        });
    assertThat(message.uint32(1)).isEqualTo(-2);
    assertThat(message.sint32(2)).isEqualTo(Integer.MIN_VALUE);
    assertThat(message.sint64(3)).isEqualTo(Long.MIN_VALUE);
    assertThat(message.bool(4)).isTrue();
    assertThat(message.float64(5)).isEqualTo(-0.1);
    assertThat(message.enumNumber(6)).isEqualTo(-1);
    assertThat(message.string(7)).isEqualTo("größer \uFFFD \uD83D\uDE00");
    assertThat(message.uint32(536_870_911)).isEqualTo(7);
  }

  @Test
  void uint32_keepsTheLowBitsOfALongerNumber() {
    WireMessage message = message(out -> out.writeUInt64(1, 0x7_0000_0005L));
    assertThat(message.uint32(1)).isEqualTo(5);
    assertThat(message.enumNumber(1)).isEqualTo(5);
    assertThat(message.bool(1)).isTrue();
  }

  @Test
  void bytes_areAView() {
    byte[] bytes = bytes(out -> out.writeBytes(3, ByteString.copyFrom(new byte[] {5, 6, 7})));
    WireMessage message = WireMessage.of(bytes);
    assertThat(message.bytes(3).toArray(ValueLayout.JAVA_BYTE)).containsExactly(5, 6, 7);
    assertThat(message.bytes(3).isReadOnly()).isTrue();
    bytes[2] = 9;
    assertThat(message.bytes(3).toArray(ValueLayout.JAVA_BYTE)).containsExactly(9, 6, 7);
  }

  @Test
  void absentFields_haveTheirDefaults() {
    WireMessage message = raw();
    assertThat(message.uint32(1)).isZero();
    assertThat(message.sint32(1)).isZero();
    assertThat(message.sint64(1)).isZero();
    assertThat(message.bool(1)).isFalse();
    assertThat(message.float64(1)).isZero();
    assertThat(message.enumNumber(1)).isZero();
    assertThat(message.string(1)).isEmpty();
    assertThat(message.bytes(1).byteSize()).isZero();
    assertThat(message.hasMessage(1)).isFalse();
    assertThat(message.message(1).message(1).string(1)).isEmpty();
    assertThat(message.messages(1)).isEmpty();
    assertThat(message.strings(1)).isEmpty();
    assertThat(message.uint32s(1)).isEmpty();
    assertThat(message.lastOf(new int[] {WireMessage.varint(1)})).isZero();
  }

  @Test
  void repeatedScalars_theLastCounts() {
    WireMessage message =
        message(out -> {
          out.writeUInt32(1, 3);
          out.writeString(2, "first");
          out.writeUInt32(1, 4);
          out.writeString(2, "last");
        });
    assertThat(message.uint32(1)).isEqualTo(4);
    assertThat(message.string(2)).isEqualTo("last");
  }

  @Test
  void messages_areReadInOrder() {
    WireMessage message =
        message(out -> {
          for (int i = 0; i < 20; i++) {
            int number = i;
            out.writeByteArray(1, bytes(inner -> inner.writeUInt32(1, number)));
            out.writeString(2, "text " + i);
          }
          out.writeByteArray(3, new byte[0]);
        });
    assertThat(message.messages(1)).hasSize(20);
    for (int i = 0; i < 20; i++) {
      assertThat(message.messages(1).get(i).uint32(1)).isEqualTo(i);
      assertThat(message.strings(2).get(i)).isEqualTo("text " + i);
    }
    assertThat(message.hasMessage(3)).isTrue();
    assertThat(message.message(3).uint32(1)).isZero();
  }

  @Test
  void aSingleMessage_occursOnce() {
    byte[] inner = bytes(out -> out.writeUInt32(1, 5));
    assertThat(message(out -> out.writeByteArray(4, inner)).message(4).uint32(1)).isEqualTo(5);
    WireMessage twice =
        message(out -> {
          out.writeByteArray(4, inner);
          out.writeByteArray(4, inner);
        });
    assertInvalid(() -> twice.message(4), "field 4, a single message, occurs twice");
  }

  @Test
  void numbers_arePackedOrSingle() {
    WireMessage message =
        message(out -> {
          out.writeUInt32(1, 1);
          out.writeByteArray(
              1,
              bytes(packed -> {
                packed.writeUInt32NoTag(300);
                packed.writeUInt32NoTag(-1);
              }));
          out.writeUInt32(1, 4);
          out.writeByteArray(1, new byte[0]);
        });
    assertThat(message.uint32s(1)).containsExactly(1, 300, -1, 4);
    assertInvalid(() -> raw(0x0A, 2, 1, 0x80).uint32s(1), "ended unexpectedly");
  }

  @Test
  void unknownFields_areIgnored() {
    WireMessage message =
        message(out -> {
          out.writeUInt64(100, -1);
          out.writeFixed32(101, 2);
          out.writeFixed64(102, 3);
          out.writeByteArray(103, new byte[] {(byte) 0xFF});
          out.writeUInt32(1, 4);
          out.writeUInt64(100, 5);
        });
    assertThat(message.uint32(1)).isEqualTo(4);
  }

  @Test
  void fieldsOfAnotherWireType_areIgnored() {
    WireMessage message =
        message(out -> {
          out.writeUInt32(1, 4);
          out.writeFixed32(1, 5);
          out.writeFixed64(1, 6);
          out.writeString(2, "text");
          out.writeUInt32(2, 7);
          out.writeUInt32(3, 8);
        });
    assertThat(message.uint32(1)).isEqualTo(4);
    assertThat(message.string(1)).isEmpty();
    assertThat(message.string(2)).isEqualTo("text");
    assertThat(message.hasMessage(3)).isFalse();
    assertThat(message.messages(3)).isEmpty();
    assertThat(message.float64(3)).isZero();
  }

  @Test
  void lastOf_namesTheLastFieldOfItsWireType() {
    WireMessage message =
        message(out -> {
          out.writeUInt32(1, 0);
          out.writeString(2, "");
          out.writeDouble(3, 0);
          out.writeUInt32(4, 0);
          out.writeUInt32(2, 0);
        });
    int one = WireMessage.varint(1);
    int two = WireMessage.delimited(2);
    int three = WireMessage.fixed64(3);
    assertThat(message.lastOf(new int[] {one, two, three})).isEqualTo(3);
    assertThat(message.lastOf(new int[] {two, one})).isEqualTo(2);
    assertThat(message.lastOf(new int[] {one, WireMessage.varint(3)})).isEqualTo(1);
    assertThat(message.lastOf(new int[] {WireMessage.delimited(1)})).isZero();
  }

  @Test
  void truncatedFields_areInvalid() {
    byte[] whole =
        bytes(out -> {
          out.writeUInt32(1, 300);
          out.writeString(2, "text");
          out.writeFixed32(3, 1);
          out.writeFixed64(4, 1);
          out.writeUInt32(100, 1);
        });
    int[] ends = {0, 3, 9, 14, 23, 26};
    for (int length = 0; length <= whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      if (Arrays.binarySearch(ends, length) >= 0) {
        assertThat(WireMessage.of(part).uint32(1)).isEqualTo(length == 0 ? 0 : 300);
      } else {
        assertInvalid(() -> WireMessage.of(part), "ended unexpectedly");
      }
    }
  }

  @Test
  void lengthsBeyondTheMessage_areInvalid() {
    assertInvalid(() -> raw(0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 1), "ended unexpectedly");
    assertInvalid(() -> raw(0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1), "negative size");
    // The inner message may not reach into what follows it.
    WireMessage outer = raw(0x0A, 2, 0x0A, 3, 0x10, 1, 0x10, 2);
    assertThat(outer.uint32(2)).isEqualTo(2);
    assertInvalid(() -> outer.message(1), "ended unexpectedly");
  }

  @Test
  void overlongNumbers_areInvalid() {
    int[] eleven = new int[12];
    Arrays.fill(eleven, 0x80);
    eleven[0] = 0x08;
    assertInvalid(() -> raw(eleven), "malformed varint");
  }

  @ParameterizedTest
  @ValueSource(ints = {WireFormat.WIRETYPE_START_GROUP, WireFormat.WIRETYPE_END_GROUP, 6, 7})
  void groupsAndUnknownWireTypes_areInvalid(int wireType) {
    assertInvalid(
        () -> raw(0x08, 1, 5 << 3 | wireType, 0x08, 1), "field 5 has the wire type " + wireType);
  }

  @Test
  void fieldNumberZero_isInvalid() {
    assertInvalid(() -> raw(0x00, 1), "invalid tag");
    assertInvalid(() -> raw(0x08, 1, 0x02, 0), "invalid tag");
  }

  @Test
  void texts_areUtf8() {
    byte[] notUtf8 = {'a', (byte) 0xC3, 'b'};
    WireMessage message = message(out -> out.writeByteArray(1, notUtf8));
    assertInvalid(() -> message.string(1), "a text is not UTF-8");
    assertInvalid(() -> message.strings(1), "a text is not UTF-8");
    for (String sequence :
        new String[] {"\u00C0\u0080", "\u00ED\u00A0\u0080", "\u00FF", "\u0080"}) {
      byte[] bytes = sequence.getBytes(StandardCharsets.ISO_8859_1);
      WireMessage one = message(out -> out.writeByteArray(1, bytes));
      assertInvalid(() -> one.string(1), "a text is not UTF-8");
    }
  }

  @Test
  void nesting_hasALimit() {
    byte[] bytes = {};
    for (int depth = 0; depth <= WireMessage.MAX_DEPTH; depth++) {
      byte[] inner = depth == 0 ? bytes(out -> out.writeUInt32(1, 1)) : bytes;
      bytes = bytes(out -> out.writeByteArray(1, inner));
    }
    WireMessage message = WireMessage.of(bytes);
    for (int depth = 1; depth <= WireMessage.MAX_DEPTH; depth++) {
      message = message.message(1);
    }
    WireMessage last = message;
    assertInvalid(() -> last.message(1), "messages are nested more than 1000 deep");
  }
}
