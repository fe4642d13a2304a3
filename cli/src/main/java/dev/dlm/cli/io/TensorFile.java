package dev.dlm.cli.io;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.TensorType;
import dev.dlm.runtime.checkpoint.AtomicFile;
import dev.dlm.runtime.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A tensor in a file, in the format that the file's name tells: {@code .npy}, {@code .json}, or
 * {@code .png} for images.
 */
public final class TensorFile {
  private TensorFile() {}

  /**
   * Reads a tensor.
   *
   * @param wanted the type of the input that it is for: JSON and images have none of their own.
   *     What an {@code .npy} file holds is returned as it is
   * @throws GraphException with code {@code file-read} if the file cannot be read, {@code
   *     tensor-file} if its content or its name's ending is at fault
   */
  public static Tensor read(Path file, TensorType wanted) {
    return switch (ending(file)) {
      case "npy" -> NpyFormat.parse(file.toString(), bytes(file));
      case "json" -> JsonTensors.parse(file.toString(), bytes(file), wanted.dtype());
      case "png" -> PngFormat.parse(file.toString(), bytes(file), wanted);
      default -> throw unknownEnding(file);
    };
  }

  /**
   * Writes a tensor; the file appears whole or not at all.
   *
   * @throws GraphException with code {@code file-write} if the file cannot be written, {@code
   *     tensor-file} if its name's ending is not known
   */
  public static void write(Path file, Tensor tensor) {
    byte[] content =
        switch (ending(file)) {
          case "npy" -> NpyFormat.format(tensor);
          case "json" -> JsonTensors.format(tensor);
          case "png" -> PngFormat.format(file.toString(), tensor);
          default -> throw unknownEnding(file);
        };
    AtomicFile.write(
        file,
        "tensor",
        channel -> {
          ByteBuffer buffer = ByteBuffer.wrap(content);
          while (buffer.hasRemaining()) {
            channel.write(buffer);
          }
        });
  }

  /**
   * The content of a file.
   *
   * @throws GraphException with code {@code file-read} if it cannot be read
   */
  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      String reason =
          switch (e) {
            case NoSuchFileException _ -> "no such file";
            case AccessDeniedException _ -> "access denied";
            default -> Files.isDirectory(file) ? "it is a folder" : String.valueOf(e.getMessage());
          };
      throw new GraphException(
          Diagnostic.error(
              "file-read",
              "cannot read the tensor file '%s': %s".formatted(file, reason),
              Location.UNKNOWN),
          e);
    }
  }

  private static String ending(Path file) {
    String name = file.toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static GraphException unknownEnding(Path file) {
    return new GraphException(
        Diagnostic.error(
                "tensor-file", "the format of '%s' is not known".formatted(file), Location.UNKNOWN)
            .withHelp("name a file that ends in .npy, .json or .png"));
  }
}
