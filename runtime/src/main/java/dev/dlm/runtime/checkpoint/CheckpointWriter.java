package dev.dlm.runtime.checkpoint;

import dev.dlm.diagnostic.GraphException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes checkpoints in the safetensors format.
 *
 * <p>The same tensors and metadata give the same bytes: the header lists names in ascending order,
 * the data follow by falling element size and then by name, so that every tensor is aligned to its
 * own element. The data begin at a multiple of 64 bytes. Data go straight from memory to the file.
 */
public final class CheckpointWriter {
  static final String METADATA = "__metadata__";
  static final int ALIGNMENT_BYTES = 64;

  /** What is handed to the channel at once; one write of the system takes at most 2 GiB. */
  private static final long CHUNK_BYTES = 1 << 24;

  private CheckpointWriter() {}

  /**
   * Replaces a checkpoint as a whole or not at all, see {@link AtomicFile}.
   *
   * @param metadata free text beside the tensors, for example the step
   * @throws IllegalArgumentException if a name occurs twice or is reserved
   * @throws GraphException with code {@code file-write} if the file cannot be written
   */
  public static void write(
      Path file, Map<String, String> metadata, Collection<CheckpointTensor> tensors) {
    AtomicFile.write(file, "checkpoint", channel -> write(channel, metadata, tensors));
  }

  /**
   * Writes a checkpoint to a channel, which stays open.
   *
   * @throws IllegalArgumentException if a name occurs twice or is reserved
   */
  public static void write(
      WritableByteChannel channel,
      Map<String, String> metadata,
      Collection<CheckpointTensor> tensors)
      throws IOException {
    Map<String, CheckpointTensor> byName = new TreeMap<>();
    for (CheckpointTensor tensor : tensors) {
      if (tensor.name().equals(METADATA)) {
        throw new IllegalArgumentException("the name " + METADATA + " is reserved");
      }
      if (byName.put(tensor.name(), tensor) != null) {
        throw new IllegalArgumentException("two tensors are named '" + tensor.name() + "'");
      }
    }
    List<CheckpointTensor> dataOrder =
        byName.values().stream()
            .sorted(
                Comparator.comparingInt((CheckpointTensor t) -> -t.dtype().sizeBytes())
                    .thenComparing(CheckpointTensor::name))
            .toList();
    writeFully(channel, header(metadata, byName, dataOrder));
    for (CheckpointTensor tensor : dataOrder) {
      writeData(channel, tensor.data());
    }
  }

  private static ByteBuffer header(
      Map<String, String> metadata,
      Map<String, CheckpointTensor> byName,
      List<CheckpointTensor> dataOrder) {
    Map<String, Long> begins = new HashMap<>();
    long end = 0;
    for (CheckpointTensor tensor : dataOrder) {
      begins.put(tensor.name(), end);
      end += tensor.sizeBytes();
    }
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      appendMetadata(json, metadata);
    }
    for (CheckpointTensor tensor : byName.values()) {
      if (json.length() > 1) {
        json.append(',');
      }
      long begin = begins.getOrDefault(tensor.name(), 0L);
      appendTensor(json, tensor, begin);
    }
    json.append('}');
    byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
    int total = Math.ceilDiv(Long.BYTES + text.length, ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    ByteBuffer buffer = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(total - Long.BYTES).put(text);
    while (buffer.hasRemaining()) {
      buffer.put((byte) ' ');
    }
    return buffer.flip();
  }

  private static void appendMetadata(StringBuilder json, Map<String, String> metadata) {
    JsonWriter.appendString(json, METADATA);
    json.append(":{");
    String separator = "";
    for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
      json.append(separator);
      JsonWriter.appendString(json, entry.getKey());
      json.append(':');
      JsonWriter.appendString(json, entry.getValue());
      separator = ",";
    }
    json.append('}');
  }

  private static void appendTensor(StringBuilder json, CheckpointTensor tensor, long begin) {
    JsonWriter.appendString(json, tensor.name());
    json.append(":{\"dtype\":\"").append(tensor.dtype().name()).append("\",\"shape\":[");
    String separator = "";
    for (long size : tensor.shape()) {
      json.append(separator).append(size);
      separator = ",";
    }
    json.append("],\"data_offsets\":[")
        .append(begin)
        .append(',')
        .append(begin + tensor.sizeBytes())
        .append("]}");
  }

  private static void writeData(WritableByteChannel channel, MemorySegment data)
      throws IOException {
    for (long from = 0; from < data.byteSize(); from += CHUNK_BYTES) {
      MemorySegment chunk = data.asSlice(from, Math.min(CHUNK_BYTES, data.byteSize() - from));
      if (chunk.isNative()) {
        writeFully(channel, chunk.asByteBuffer());
      } else {
        byte[] copy = new byte[(int) chunk.byteSize()];
        MemorySegment.ofArray(copy).copyFrom(chunk);
        writeFully(channel, ByteBuffer.wrap(copy));
      }
    }
  }

  private static void writeFully(WritableByteChannel channel, ByteBuffer buffer)
      throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
