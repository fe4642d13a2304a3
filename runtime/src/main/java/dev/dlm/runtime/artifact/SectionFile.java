package dev.dlm.runtime.artifact;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The container of an artifact: sections behind a checked table of contents. All numbers are
 * little-endian.
 *
 * <pre>{@code
 * offset  bytes
 *      0      8  magic 89 44 4c 4d 43 0d 0a 1a
 *      8      4  format version
 *     12      4  number of sections
 *     16      8  bytes of the file
 *     24      4  CRC-32C of header and table, this field taken as zero
 *     28     36  zero
 *     64   24 n  table: for each section
 *                  kind (4), CRC-32C of its bytes and the padding behind (4), offset (8), length (8)
 * }</pre>
 *
 * <p>The table and each section are followed by zeros up to a multiple of 64 bytes. Sections follow
 * each other without gap, so that a checksum covers every byte of the file: a changed byte is
 * always found, CRC-32C detecting every error of up to 32 bits in a row.
 */
final class SectionFile {
  static final int ALIGNMENT = 64;
  static final int FORMAT_VERSION = 1;
  static final byte[] MAGIC = {(byte) 0x89, 'D', 'L', 'M', 'C', '\r', '\n', 0x1a};

  private static final int HEADER_BYTES = 64;
  private static final int ENTRY_BYTES = 24;
  private static final int CHECKSUM_OFFSET = 24;
  private static final int MAX_SECTIONS = 64;
  private static final int CHUNK_BYTES = 1 << 24;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private SectionFile() {}

  /** What is wrong with a file; the message is part of a sentence. */
  static final class FormatException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean ofVersion;

    FormatException(boolean ofVersion, String message) {
      super(message);
      this.ofVersion = ofVersion;
    }

    /** Whether the file is of another version of the format, not broken. */
    boolean isOfVersion() {
      return ofVersion;
    }
  }

  /** Writes sections, by kind, in their order. */
  static void write(WritableByteChannel channel, Map<Integer, MemorySegment> sections)
      throws IOException {
    int tableEnd = align(HEADER_BYTES + ENTRY_BYTES * sections.size());
    ByteBuffer head = ByteBuffer.allocate(tableEnd).order(ByteOrder.LITTLE_ENDIAN);
    head.put(MAGIC).putInt(FORMAT_VERSION).putInt(sections.size());
    long fileBytes = tableEnd;
    for (MemorySegment section : sections.values()) {
      fileBytes += align(section.byteSize());
    }
    head.putLong(fileBytes);
    head.position(HEADER_BYTES);
    long offset = tableEnd;
    for (Map.Entry<Integer, MemorySegment> section : sections.entrySet()) {
      long length = section.getValue().byteSize();
      head.putInt(section.getKey()).putInt(checksum(section.getValue()));
      head.putLong(offset).putLong(length);
      offset += align(length);
    }
    CRC32C crc = new CRC32C();
    crc.update(head.array());
    head.putInt(CHECKSUM_OFFSET, (int) crc.getValue());
    channel.write(head.rewind());
    for (MemorySegment section : sections.values()) {
      for (long from = 0; from < section.byteSize(); from += CHUNK_BYTES) {
        channel.write(chunk(section, from).asByteBuffer());
      }
      channel.write(ByteBuffer.allocate((int) (align(section.byteSize()) - section.byteSize())));
    }
  }

  /**
   * The sections of a file, by kind.
   *
   * @param content the whole file
   */
  static Map<Integer, MemorySegment> read(MemorySegment content) throws FormatException {
    long fileBytes = content.byteSize();
    if (fileBytes < HEADER_BYTES) {
      throw broken("it has %d bytes, too few for a header of %d", fileBytes, HEADER_BYTES);
    }
    if (!Arrays.equals(MAGIC, content.asSlice(0, MAGIC.length).toArray(ValueLayout.JAVA_BYTE))) {
      throw broken("it does not begin like one");
    }
    int version = content.get(INT, 8);
    if (version != FORMAT_VERSION) {
      throw new FormatException(
          true,
          "it has format version %s, this program reads version %d"
              .formatted(Integer.toUnsignedString(version), FORMAT_VERSION));
    }
    int count = content.get(INT, 12);
    if (count < 0 || count > MAX_SECTIONS) {
      throw broken("it claims %s sections", Integer.toUnsignedString(count));
    }
    long stated = content.get(LONG, 16);
    if (stated != fileBytes) {
      throw broken(
          "it has %d bytes, its header says %s%s",
          fileBytes, Long.toUnsignedString(stated), stated > fileBytes ? ": it is truncated" : "");
    }
    long tableEnd = align(HEADER_BYTES + ENTRY_BYTES * count);
    if (tableEnd > fileBytes) {
      throw broken("its table of contents is truncated");
    }
    byte[] head = content.asSlice(0, tableEnd).toArray(ValueLayout.JAVA_BYTE);
    int expected = content.get(INT, CHECKSUM_OFFSET);
    Arrays.fill(head, CHECKSUM_OFFSET, CHECKSUM_OFFSET + Integer.BYTES, (byte) 0);
    CRC32C crc = new CRC32C();
    crc.update(head);
    if ((int) crc.getValue() != expected) {
      throw broken("the checksum of its header is wrong");
    }
    return sections(content, count, tableEnd);
  }

  private static Map<Integer, MemorySegment> sections(
      MemorySegment content, int count, long tableEnd) throws FormatException {
    Map<Integer, MemorySegment> sections = new LinkedHashMap<>();
    long next = tableEnd;
    for (int i = 0; i < count; i++) {
      long entry = HEADER_BYTES + (long) ENTRY_BYTES * i;
      int kind = content.get(INT, entry);
      long offset = content.get(LONG, entry + 8);
      long length = content.get(LONG, entry + 16);
      if (offset != next || length < 0 || length > content.byteSize() - offset) {
        throw broken("section %d lies outside of the file", i);
      }
      next = offset + align(length);
      if (next > content.byteSize()) {
        throw broken("section %d is not padded", i);
      }
      if (sections.put(kind, content.asSlice(offset, length)) != null) {
        throw broken("it has two sections of kind %d", kind);
      }
      if (checksum(content.asSlice(offset, next - offset)) != content.get(INT, entry + 4)) {
        throw broken("the checksum of section %d is wrong", i);
      }
    }
    if (next != content.byteSize()) {
      throw broken("it has bytes behind its last section");
    }
    return sections;
  }

  /** The CRC-32C of a section and the zeros behind it. */
  private static int checksum(MemorySegment section) {
    CRC32C crc = new CRC32C();
    for (long from = 0; from < section.byteSize(); from += CHUNK_BYTES) {
      crc.update(chunk(section, from).asByteBuffer());
    }
    crc.update(new byte[(int) (align(section.byteSize()) - section.byteSize())]);
    return (int) crc.getValue();
  }

  private static MemorySegment chunk(MemorySegment section, long from) {
    return section.asSlice(from, Math.min(CHUNK_BYTES, section.byteSize() - from));
  }

  static long align(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static int align(int bytes) {
    return (int) align((long) bytes);
  }

  private static FormatException broken(String format, Object... arguments) {
    return new FormatException(false, format.formatted(arguments));
  }
}
