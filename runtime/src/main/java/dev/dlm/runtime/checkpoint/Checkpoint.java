package dev.dlm.runtime.checkpoint;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An open checkpoint in the safetensors format, mapped into memory and fully checked.
 *
 * <p>The format, by Hugging Face (github.com/huggingface/safetensors): eight bytes of header
 * length, little-endian; a JSON header that gives dtype, shape and byte range of every tensor and
 * free text under {@code __metadata__}; then the data, which the ranges cover without gap and
 * overlap.
 *
 * <p>The data of its tensors are read-only views of the file and live until {@link #close()}. Files
 * of {@link CheckpointWriter} align every tensor to its element; those of other programs need not,
 * so read them by copying bytes or with unaligned layouts. Replacing the file with {@link
 * AtomicFile} while it is open does no harm; truncating it in place makes access fail. Thread-safe.
 */
public final class Checkpoint implements AutoCloseable {
  /** The most that the header may take, as in other readers of the format. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int MAX_DIFFERENCES = 20;
  private static final ValueLayout.OfLong HEADER_LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** What {@link #copyInto} does about tensors in the file that nobody asked for. */
  public enum Unused {
    /** They are an error: the checkpoint is of another model. */
    REJECT,
    /** They are left alone, as when only some weights of a larger file are wanted. */
    IGNORE
  }

  private final Path file;
  private final Arena arena;
  private final Map<String, String> metadata;
  private final SortedMap<String, CheckpointTensor> tensors;

  private Checkpoint(Path file, Arena arena, CheckpointHeader header, MemorySegment data) {
    this.file = file;
    this.arena = arena;
    this.metadata = header.metadata();
    SortedMap<String, CheckpointTensor> views = new TreeMap<>();
    for (CheckpointHeader.Entry entry : header.entries().values()) {
      MemorySegment view = data.asSlice(entry.begin(), entry.end() - entry.begin());
      views.put(
          entry.name(), new CheckpointTensor(entry.name(), entry.dtype(), entry.shape(), view));
    }
    this.tensors = Collections.unmodifiableSortedMap(views);
  }

  /**
   * Opens and checks a checkpoint.
   *
   * @throws GraphException with code {@code file-read} if the file cannot be read, or {@code
   *     checkpoint-invalid} if it is truncated, altered or in another format; the message names the
   *     file, the tensor, and what was found and expected
   */
  public static Checkpoint open(Path file) {
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment content =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena).asReadOnly();
      long dataStart = dataStart(file, content);
      CheckpointHeader header = header(file, content, dataStart);
      Checkpoint checkpoint = new Checkpoint(file, arena, header, content.asSlice(dataStart));
      opened = true;
      return checkpoint;
    } catch (IOException e) {
      throw new GraphException(
          Diagnostic.error(
              "file-read",
              "cannot read the checkpoint '%s': %s".formatted(file, AtomicFile.reason(e)),
              Location.UNKNOWN),
          e);
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  private static long dataStart(Path file, MemorySegment content) {
    long fileBytes = content.byteSize();
    if (fileBytes < Long.BYTES) {
      throw invalid(
          file,
          "it has %d bytes, expected at least the 8 bytes of the header length"
              .formatted(fileBytes));
    }
    long headerBytes = content.get(HEADER_LENGTH, 0);
    if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES) {
      throw invalid(
          file,
          "the header length is %s, expected 2 to %d; this is not a safetensors file"
              .formatted(Long.toUnsignedString(headerBytes), MAX_HEADER_BYTES));
    }
    if (headerBytes > fileBytes - Long.BYTES) {
      throw invalid(
          file,
          "the header takes %d bytes, but only %d follow its length: it is truncated"
              .formatted(headerBytes, fileBytes - Long.BYTES));
    }
    return Long.BYTES + headerBytes;
  }

  private static CheckpointHeader header(Path file, MemorySegment content, long dataStart) {
    byte[] text =
        content.asSlice(Long.BYTES, dataStart - Long.BYTES).toArray(ValueLayout.JAVA_BYTE);
    try {
      return CheckpointHeader.of(JsonReader.read(text), content.byteSize() - dataStart);
    } catch (JsonSyntaxException e) {
      throw new GraphException(
          invalidDiagnostic(
              file,
              "the header is not valid JSON at file byte %d: %s"
                  .formatted(Long.BYTES + e.offsetBytes(), e.getMessage())),
          e);
    } catch (CheckpointHeader.HeaderException e) {
      throw new GraphException(invalidDiagnostic(file, String.valueOf(e.getMessage())), e);
    }
  }

  /** The file as it was named when opening. */
  public Path file() {
    return file;
  }

  /** The free text beside the tensors. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** All tensors by name, in ascending order. */
  public SortedMap<String, CheckpointTensor> tensors() {
    return tensors;
  }

  /** The tensor of this name. */
  public Optional<CheckpointTensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /**
   * Copies tensors of this checkpoint into given memory, all or none.
   *
   * @param destinations what is wanted: names, dtypes, shapes, and where the elements go
   * @throws GraphException with code {@code checkpoint-mismatch}, one diagnostic a difference, if a
   *     wanted tensor is missing or has another dtype or shape, or if there are others and they are
   *     rejected; nothing has been copied then
   */
  public void copyInto(Collection<CheckpointTensor> destinations, Unused unused) {
    List<Diagnostic> differences = new ArrayList<>();
    Set<String> others = new TreeSet<>(tensors.keySet());
    for (CheckpointTensor wanted : destinations) {
      others.remove(wanted.name());
      CheckpointTensor found = tensors.get(wanted.name());
      if (found == null) {
        differences.add(
            mismatch(
                "has no '%s', which the model needs as %s".formatted(wanted.name(), type(wanted))));
      } else if (found.dtype() != wanted.dtype() || !found.shape().equals(wanted.shape())) {
        differences.add(
            mismatch(
                "holds '%s' as %s, the model needs %s"
                    .formatted(wanted.name(), type(found), type(wanted))));
      }
    }
    if (unused == Unused.REJECT) {
      for (String name : others) {
        differences.add(mismatch("holds '%s', which the model does not have".formatted(name)));
      }
    }
    if (!differences.isEmpty()) {
      throw new GraphException(bounded(differences));
    }
    for (CheckpointTensor wanted : destinations) {
      MemorySegment source = find(wanted.name()).orElseThrow().data();
      MemorySegment.copy(source, 0, wanted.data(), 0, source.byteSize());
    }
  }

  /** A file of another model differs in everything: the first differences say enough. */
  private List<Diagnostic> bounded(List<Diagnostic> differences) {
    if (differences.size() <= MAX_DIFFERENCES) {
      return differences;
    }
    List<Diagnostic> first = new ArrayList<>(differences.subList(0, MAX_DIFFERENCES));
    first.add(
        mismatch("differs in %d more tensors".formatted(differences.size() - MAX_DIFFERENCES)));
    return first;
  }

  private Diagnostic mismatch(String difference) {
    return Diagnostic.error(
            "checkpoint-mismatch",
            "the checkpoint '%s' %s".formatted(file, difference),
            Location.UNKNOWN)
        .withHelp("the checkpoint was made by a different model");
  }

  private static String type(CheckpointTensor tensor) {
    return tensor.dtype().text() + tensor.shape();
  }

  private static GraphException invalid(Path file, String problem) {
    return new GraphException(invalidDiagnostic(file, problem));
  }

  private static Diagnostic invalidDiagnostic(Path file, String problem) {
    return Diagnostic.error(
        "checkpoint-invalid",
        "'%s' is not a valid checkpoint: %s".formatted(file, problem),
        Location.UNKNOWN);
  }

  /** Unmaps the file. No view of its tensors may be used afterwards. */
  @Override
  public void close() {
    arena.close();
  }
}
