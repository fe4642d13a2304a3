package dev.dlm.runtime.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an artifact says about itself for people: what it was made from, and descriptions of its
 * parts. It holds no times, so that the same input gives the same bytes. Immutable.
 *
 * @param sourceFile name of the model's file
 * @param sourceSha256 hash of the model's text, in hexadecimal digits
 * @param weightsSha256 hash of the checkpoint, in hexadecimal digits; empty for a model without
 *     weights
 * @param compilerVersion version of the compiler that made the plan
 * @param descriptions the doc comments: of the model under the empty name, of a signature under its
 *     name, of an input or output under {@code signature.name}
 */
public record ArtifactMetadata(
    String sourceFile,
    String sourceSha256,
    String weightsSha256,
    String compilerVersion,
    SortedMap<String, String> descriptions) {
  private static final String DESCRIPTION = "description:";

  public ArtifactMetadata {
    descriptions = Collections.unmodifiableSortedMap(new TreeMap<>(descriptions));
  }

  /** The description of the model, of a signature, or of an input or output. */
  public Optional<String> description(String of) {
    return Optional.ofNullable(descriptions.get(of));
  }

  /**
   * The SHA-256 of a file in hexadecimal digits.
   *
   * @throws UncheckedIOException if the file cannot be read
   */
  public static String sha256(Path file) {
    try (InputStream input = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Names and values, each as its length in four bytes and its text. */
  byte[] toBytes() {
    SortedMap<String, String> entries = new TreeMap<>();
    entries.put("source.file", sourceFile);
    entries.put("source.sha256", sourceSha256);
    entries.put("weights.sha256", weightsSha256);
    entries.put("compiler.version", compilerVersion);
    descriptions.forEach((name, text) -> entries.put(DESCRIPTION + name, text));
    int size = 0;
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      size += 2 * Integer.BYTES + utf8(entry.getKey()).length + utf8(entry.getValue()).length;
    }
    ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    entries.forEach((name, value) -> {
      putText(buffer, name);
      putText(buffer, value);
    });
    return buffer.array();
  }

  static ArtifactMetadata fromBytes(byte[] bytes) throws SectionFile.FormatException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    SortedMap<String, String> entries = new TreeMap<>();
    while (buffer.hasRemaining()) {
      String name = takeText(buffer);
      entries.put(name, takeText(buffer));
    }
    SortedMap<String, String> descriptions = new TreeMap<>();
    entries.forEach((name, value) -> {
      if (name.startsWith(DESCRIPTION)) {
        descriptions.put(name.substring(DESCRIPTION.length()), value);
      }
    });
    return new ArtifactMetadata(
        entries.getOrDefault("source.file", ""),
        entries.getOrDefault("source.sha256", ""),
        entries.getOrDefault("weights.sha256", ""),
        entries.getOrDefault("compiler.version", ""),
        descriptions);
  }

  private static void putText(ByteBuffer buffer, String text) {
    byte[] bytes = utf8(text);
    buffer.putInt(bytes.length).put(bytes);
  }

  private static String takeText(ByteBuffer buffer) throws SectionFile.FormatException {
    int length = buffer.remaining() < Integer.BYTES ? -1 : buffer.getInt();
    if (length < 0 || length > buffer.remaining()) {
      throw new SectionFile.FormatException(false, "its description is broken");
    }
    ByteBuffer text = buffer.slice(buffer.position(), length);
    buffer.position(buffer.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new SectionFile.FormatException(false, "its description is not text: " + e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
