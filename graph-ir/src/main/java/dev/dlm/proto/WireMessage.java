package dev.dlm.proto;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A protobuf message as it lies in bytes: split into its fields once, each of which is read when it
 * is asked for. The bytes may not change meanwhile.
 *
 * <p>Decoding is part of a service's start, and reading by generated classes loads some hundreds of
 * classes. Fields are asked for by the generated constants of their numbers, which the compiler
 * copies. No lambdas nor texts put together where bytes are sound: each would cost one more class,
 * made while the JVM runs.
 *
 * <p>As proto3 wants it: an absent field is 0, false, empty or a message without fields; of several
 * occurrences of a scalar the last one counts; a field of an unknown number is ignored, and so is
 * one whose wire type is not that of the type asked for. Stricter than proto3: a message that
 * occurs twice where one may stand is malformed, where generated code merges the two, and so is a
 * group, which no field of proto3 is. What lies in a field is checked when it is asked for.
 *
 * <p>All accessors throw {@code GraphException} with code {@code bytes-invalid}.
 */
final class WireMessage {
  /** The most messages inside of each other; protobuf's own limit, unless set, is 100. */
  static final int MAX_DEPTH = 1000;

  private static final WireMessage EMPTY = of(new byte[0]);

  private final byte[] bytes;
  private final int depth;

  /** How many fields there are; the arrays may be longer. */
  private int count;

  private int[] tags;

  /** The bits of a number; of a field of some length, its place and length in 32 bits each. */
  private long[] values;

  private WireMessage(byte[] bytes, int start, int length, int depth) {
    if (depth > MAX_DEPTH) {
      throw Malformed.notOfForm("messages are nested more than " + MAX_DEPTH + " deep");
    }
    this.bytes = bytes;
    this.depth = depth;
    // A field takes two bytes at least.
    int capacity = Math.min(length / 2, 8);
    this.tags = new int[capacity];
    this.values = new long[capacity];
    CodedInputStream in = CodedInputStream.newInstance(bytes, start, length);
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        add(tag, read(in, tag, start));
      }
    } catch (IOException e) {
      throw Malformed.notOfForm(String.valueOf(e.getMessage()));
    }
  }

  /** The message that all the bytes are. */
  static WireMessage of(byte[] bytes) {
    return new WireMessage(bytes, 0, bytes.length, 0);
  }

  private static long read(CodedInputStream in, int tag, int start) throws IOException {
    int wireType = WireFormat.getTagWireType(tag);
    return switch (wireType) {
      case WireFormat.WIRETYPE_VARINT -> in.readRawVarint64();
      case WireFormat.WIRETYPE_FIXED64 -> in.readRawLittleEndian64();
      case WireFormat.WIRETYPE_FIXED32 -> in.readRawLittleEndian32();
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
        int length = in.readRawVarint32();
        int at = start + in.getTotalBytesRead();
        in.skipRawBytes(length);
        yield (long) at << 32 | length;
      }
      default ->
          throw Malformed.notOfForm(
              "field " + WireFormat.getTagFieldNumber(tag) + " has the wire type " + wireType);
    };
  }

  private void add(int tag, long value) {
    if (count == tags.length) {
      tags = Arrays.copyOf(tags, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    tags[count] = tag;
    values[count] = value;
    count++;
  }

  /** The tag of a field that is an integer, boolean or enum. */
  static int varint(int number) {
    return number << 3 | WireFormat.WIRETYPE_VARINT;
  }

  /** The tag of a field that is a {@code double}. */
  static int fixed64(int number) {
    return number << 3 | WireFormat.WIRETYPE_FIXED64;
  }

  /** The tag of a field that is a text, bytes or a message. */
  static int delimited(int number) {
    return number << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  /** Which of the fields with given tags is the last: its number, or 0 if there is none of them. */
  int lastOf(int[] oneOf) {
    for (int i = count - 1; i >= 0; i--) {
      for (int tag : oneOf) {
        if (tags[i] == tag) {
          return WireFormat.getTagFieldNumber(tag);
        }
      }
    }
    return 0;
  }

  boolean bool(int number) {
    return lastValue(varint(number)) != 0;
  }

  int uint32(int number) {
    return (int) lastValue(varint(number));
  }

  /** The number of an enum's constant, known or not. */
  int enumNumber(int number) {
    return (int) lastValue(varint(number));
  }

  int sint32(int number) {
    return CodedInputStream.decodeZigZag32((int) lastValue(varint(number)));
  }

  long sint64(int number) {
    return CodedInputStream.decodeZigZag64(lastValue(varint(number)));
  }

  double float64(int number) {
    return Double.longBitsToDouble(lastValue(fixed64(number)));
  }

  String string(int number) {
    return stringAt(lastValue(delimited(number)));
  }

  /** A view of bytes, not a copy. */
  MemorySegment bytes(int number) {
    long range = lastValue(delimited(number));
    return MemorySegment.ofArray(bytes).asSlice(startOf(range), lengthOf(range)).asReadOnly();
  }

  boolean hasMessage(int number) {
    return last(delimited(number)) >= 0;
  }

  WireMessage message(int number) {
    int tag = delimited(number);
    int last = last(tag);
    if (last < 0) {
      return EMPTY;
    }
    for (int i = 0; i < last; i++) {
      if (tags[i] == tag) {
        throw Malformed.notOfForm("field " + number + ", a single message, occurs twice");
      }
    }
    return messageAt(values[last]);
  }

  List<WireMessage> messages(int number) {
    int tag = delimited(number);
    List<WireMessage> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (tags[i] == tag) {
        messages.add(messageAt(values[i]));
      }
    }
    return messages;
  }

  List<String> strings(int number) {
    int tag = delimited(number);
    List<String> strings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (tags[i] == tag) {
        strings.add(stringAt(values[i]));
      }
    }
    return strings;
  }

  /** Numbers, packed into one field or each a field of its own. */
  List<Integer> uint32s(int number) {
    int single = varint(number);
    int packed = delimited(number);
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (tags[i] == single) {
        numbers.add((int) values[i]);
      } else if (tags[i] == packed) {
        addPacked(numbers, values[i]);
      }
    }
    return numbers;
  }

  private void addPacked(List<Integer> numbers, long range) {
    CodedInputStream in = CodedInputStream.newInstance(bytes, startOf(range), lengthOf(range));
    try {
      while (!in.isAtEnd()) {
        numbers.add(in.readUInt32());
      }
    } catch (IOException e) {
      throw Malformed.notOfForm(String.valueOf(e.getMessage()));
    }
  }

  private WireMessage messageAt(long range) {
    int length = lengthOf(range);
    return length == 0 ? EMPTY : new WireMessage(bytes, startOf(range), length, depth + 1);
  }

  private String stringAt(long range) {
    String text = new String(bytes, startOf(range), lengthOf(range), StandardCharsets.UTF_8);
    // Bytes that are no UTF-8 have become U+FFFD, whose own bytes are others.
    if (text.indexOf('\uFFFD') >= 0) {
      byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
      int start = startOf(range);
      if (!Arrays.equals(encoded, 0, encoded.length, bytes, start, start + lengthOf(range))) {
        throw Malformed.notOfForm("a text is not UTF-8");
      }
    }
    return text;
  }

  /** The last value of a tag; 0, an empty range too, if there is none. */
  private long lastValue(int tag) {
    int last = last(tag);
    return last < 0 ? 0 : values[last];
  }

  /** The place of the last field of a tag, or −1. */
  private int last(int tag) {
    for (int i = count - 1; i >= 0; i--) {
      if (tags[i] == tag) {
        return i;
      }
    }
    return -1;
  }

  private static int startOf(long range) {
    return (int) (range >>> 32);
  }

  private static int lengthOf(long range) {
    return (int) range;
  }
}
