package dev.dlm.runtime.artifact;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Variable;
import dev.dlm.plan.Plan;
import dev.dlm.proto.PlanCodec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An open artifact, mapped into memory and fully checked: a model compiled ahead of time.
 * Thread-safe.
 *
 * <p>The file is a container of three sections with checksums ({@link SectionFile}): text about the
 * model, the plan in its protobuf form, and the weights as they lie in memory.
 */
public final class Artifact implements AutoCloseable {
  static final int METADATA = 1;
  static final int PLAN = 2;
  static final int WEIGHTS = 3;

  private final Path file;
  private final Arena arena;
  private final long fileBytes;
  private final ArtifactMetadata metadata;
  private final Plan plan;
  private final long planBytes;
  private final Map<String, MemorySegment> weights;

  private Artifact(Path file, Arena arena, MemorySegment content)
      throws SectionFile.FormatException {
    this.file = file;
    this.arena = arena;
    this.fileBytes = content.byteSize();
    Map<Integer, MemorySegment> sections = SectionFile.read(content);
    this.metadata =
        ArtifactMetadata.fromBytes(required(sections, METADATA).toArray(ValueLayout.JAVA_BYTE));
    byte[] encoded = required(sections, PLAN).toArray(ValueLayout.JAVA_BYTE);
    this.planBytes = encoded.length;
    this.plan = PlanCodec.decode(encoded);
    this.weights = weights(plan, required(sections, WEIGHTS));
  }

  /**
   * Opens and checks an artifact.
   *
   * @throws GraphException with code {@code file-read} if the file cannot be read, {@code
   *     artifact-invalid} if it is truncated, altered or something else, or {@code
   *     artifact-version} if it is of another version of the format
   */
  public static Artifact open(Path file) {
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment content =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena).asReadOnly();
      Artifact artifact = new Artifact(file, arena, content);
      opened = true;
      return artifact;
    } catch (IOException e) {
      String reason =
          e instanceof NoSuchFileException ? "no such file" : String.valueOf(e.getMessage());
      throw new GraphException(
          error("file-read", "cannot read the artifact '%s': %s".formatted(file, reason)), e);
    } catch (SectionFile.FormatException e) {
      throw new GraphException(diagnostic(file, e), e);
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  private static Diagnostic diagnostic(Path file, SectionFile.FormatException problem) {
    if (problem.isOfVersion()) {
      return error(
              "artifact-version",
              "the artifact '%s' cannot be read: %s".formatted(file, problem.getMessage()))
          .withHelp("compile the model again with this version of dlm");
    }
    return error(
        "artifact-invalid",
        "'%s' is not a valid artifact: %s".formatted(file, problem.getMessage()));
  }

  private static MemorySegment required(Map<Integer, MemorySegment> sections, int kind)
      throws SectionFile.FormatException {
    MemorySegment section = sections.get(kind);
    if (section == null) {
      throw new SectionFile.FormatException(false, "it has no section of kind %d".formatted(kind));
    }
    return section;
  }

  private static Map<String, MemorySegment> weights(Plan plan, MemorySegment section)
      throws SectionFile.FormatException {
    WeightLayout layout = WeightLayout.of(plan);
    if (layout.totalBytes() != section.byteSize()) {
      throw new SectionFile.FormatException(
          false,
          "its weights take %d bytes, the plan says %d"
              .formatted(section.byteSize(), layout.totalBytes()));
    }
    Map<String, MemorySegment> slices = new LinkedHashMap<>();
    for (Variable variable : plan.sharedVariables()) {
      slices.put(variable.name(), layout.slice(section, variable));
    }
    return Collections.unmodifiableMap(slices);
  }

  /** The file as it was named when opening. */
  public Path file() {
    return file;
  }

  public Plan plan() {
    return plan;
  }

  public ArtifactMetadata metadata() {
    return metadata;
  }

  /**
   * The values of the plan's variables, read-only views of the file, aligned to 64 bytes; alive
   * until {@link #close}.
   */
  public Map<String, MemorySegment> weights() {
    return weights;
  }

  /** The version of the file's format. */
  public int formatVersion() {
    return SectionFile.FORMAT_VERSION;
  }

  /** Bytes of the whole file. */
  public long fileBytes() {
    return fileBytes;
  }

  /** Bytes of the encoded plan. */
  public long planBytes() {
    return planBytes;
  }

  /** Bytes of all weights, without padding. */
  public long weightBytes() {
    return weights.values().stream().mapToLong(MemorySegment::byteSize).sum();
  }

  /** Unmaps the file; its weights may not be used afterwards. Closing twice does nothing. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  private static Diagnostic error(String code, String message) {
    return Diagnostic.error(code, message, Location.UNKNOWN);
  }
}
