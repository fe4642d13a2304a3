package dev.dlm.training.data;

import dev.dlm.diagnostic.GraphException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The content of data files, plain, compressed with gzip, or an entry of a zip archive. */
public final class DataBytes {
  private DataBytes() {}

  /**
   * All bytes of a file, behind gzip where it begins as such.
   *
   * @throws GraphException with code {@code file-read} or {@code data-invalid}
   */
  public static byte[] read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw DataDiagnostics.unreadable(file.toString(), e);
    }
    if (bytes.length < 2 || bytes[0] != 0x1f || bytes[1] != (byte) 0x8b) {
      return bytes;
    }
    try (InputStream input = new GZIPInputStream(new ByteArrayInputStream(bytes), 1 << 16)) {
      return input.readAllBytes();
    } catch (ZipException | EOFException e) {
      throw DataDiagnostics.invalidAt(
          file.toString(), 0, "the gzip data are damaged or truncated: " + e.getMessage(), e);
    } catch (IOException e) {
      throw DataDiagnostics.unreadable(file.toString(), e);
    }
  }

  /**
   * The text of a file in UTF-8, plain or behind gzip.
   *
   * @throws GraphException with code {@code file-read}, or {@code data-invalid} at the first line
   *     and column that is not UTF-8
   */
  public static String text(Path file) {
    return decode(file.toString(), read(file));
  }

  /**
   * The text of an entry of a zip archive; of another file, its text.
   *
   * @param name of the entry; where empty, the largest one
   * @throws GraphException with code {@code file-read}, {@code data-invalid} or {@code
   *     data-mismatch}
   */
  public static String entry(Path file, String name) {
    try {
      byte[] head = new byte[2];
      try (InputStream input = Files.newInputStream(file)) {
        input.readNBytes(head, 0, 2);
      }
      if (head[0] != 'P' || head[1] != 'K') {
        return text(file);
      }
      try (ZipFile zip = new ZipFile(file.toFile())) {
        List<ZipEntry> entries = new ArrayList<>(zip.stream().toList());
        List<String> names = entries.stream().map(ZipEntry::getName).toList();
        entries.removeIf(entry -> !name.isEmpty() && !entry.getName().equals(name));
        ZipEntry chosen =
            entries.stream()
                .reduce((a, b) -> b.getSize() > a.getSize() ? b : a)
                .orElseThrow(() ->
                    DataDiagnostics.mismatch(
                        "'%s' has no entry '%s'; it has %s"
                            .formatted(file, name, String.join(", ", names))));
        try (InputStream input = zip.getInputStream(chosen)) {
          return decode(file.toString(), input.readAllBytes());
        }
      }
    } catch (ZipException e) {
      throw DataDiagnostics.invalidAt(
          file.toString(), 0, "the zip archive is damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw DataDiagnostics.unreadable(file.toString(), e);
    }
  }

  private static String decode(String origin, byte[] bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer input = ByteBuffer.wrap(bytes);
    CharBuffer text = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(input, text, true);
    text.flip();
    String decoded = text.toString();
    if (result.isError()) {
      TextPlace place = TextPlace.of(decoded, decoded.length());
      throw DataDiagnostics.invalidAt(
          origin, place.line(), place.column(), "the bytes here are not UTF-8");
    }
    return decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
  }
}
