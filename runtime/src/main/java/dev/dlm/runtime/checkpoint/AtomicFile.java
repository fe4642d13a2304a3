package dev.dlm.runtime.checkpoint;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces a file as a whole or not at all.
 *
 * <p>The content goes to a new file beside the target, is forced to the disk, and takes the
 * target's name in one step; then the folder is forced too. A crash, a full disk or an error at any
 * moment leaves the old file as it was. What a killed process left beside the target is removed by
 * the next write to it.
 *
 * <p>Thread-safe; of several concurrent writes to one target one complete content wins.
 */
public final class AtomicFile {
  private static final System.Logger LOGGER = System.getLogger(AtomicFile.class.getName());
  private static final AtomicLong SEQUENCE = new AtomicLong();

  /** Writes the new content. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes everything to the channel, which writes all remaining bytes of each buffer or throws.
     *
     * @throws IOException if writing failed; the target then stays as it was
     */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Puts new content in the place of a file that may exist already. A symbolic link is followed.
   *
   * @param file the target; its folder must exist
   * @param what what is being written, for messages, for example {@code checkpoint}
   * @throws GraphException with code {@code file-write} if that failed; the target is unchanged
   *     unless the message says otherwise. Unchecked exceptions of the content pass through, the
   *     target being unchanged too
   */
  public static void write(Path file, String what, Content content) {
    Path target;
    Path partial;
    try {
      target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        // Renaming would replace a device or a pipe by a file.
        throw new FileSystemException(target.toString(), null, "it is not a regular file");
      }
      removeAbandoned(target);
      partial = partialFor(target);
    } catch (IOException e) {
      throw failure(file, what, "", e);
    }
    boolean replaced = false;
    try {
      try (FileChannel channel =
          FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(new WholeWrites(channel));
        channel.force(true);
      }
      Files.move(
          partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      replaced = true;
      forceFolder(target);
    } catch (IOException e) {
      throw failure(
          file,
          what,
          replaced
              ? "; the new file is in place, but may not survive a loss of power"
              : Files.exists(target) ? "; the previous file is unchanged" : "",
          e);
    } finally {
      if (!replaced) {
        removeQuietly(partial);
      }
    }
  }

  private static Path partialFor(Path target) {
    return target.resolveSibling(
        "%s.%d-%d.partial"
            .formatted(
                target.getFileName(), ProcessHandle.current().pid(), SEQUENCE.incrementAndGet()));
  }

  /** Removes partial files of this target whose process is no more. */
  private static void removeAbandoned(Path target) throws IOException {
    Path folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return;
    }
    Pattern pattern =
        Pattern.compile(Pattern.quote(target.getFileName() + ".") + "(\\d{1,18})-\\d+\\.partial");
    try (DirectoryStream<Path> siblings = Files.newDirectoryStream(folder)) {
      for (Path sibling : siblings) {
        Matcher matcher = pattern.matcher(sibling.getFileName().toString());
        if (matcher.matches() && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty()) {
          removeQuietly(sibling);
        }
      }
    }
  }

  private static void removeQuietly(Path partial) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "the partial file {0} stays behind: {1}",
          partial,
          reason(e));
    }
  }

  private static void forceFolder(Path target) throws IOException {
    Path folder = target.getParent();
    // Only POSIX systems can open a folder, and only there a rename needs its own sync.
    if (folder == null || !folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static GraphException failure(Path file, String what, String state, IOException cause) {
    return new GraphException(
        Diagnostic.error(
            "file-write",
            "cannot write the %s '%s': %s%s".formatted(what, file, reason(cause), state),
            Location.UNKNOWN),
        cause);
  }

  /** Why a file operation failed, in words; never empty. */
  static String reason(IOException cause) {
    if (cause instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    if (cause instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (cause instanceof AccessDeniedException) {
      return "access denied";
    }
    String message = cause.getMessage();
    return message == null || message.isEmpty() ? cause.getClass().getSimpleName() : message;
  }

  /** Repeats partial writes until a buffer is empty. */
  private record WholeWrites(FileChannel channel) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer source) throws IOException {
      int count = source.remaining();
      while (source.hasRemaining()) {
        channel.write(source);
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() {
      // The writer of the content does not own the file, which is forced after it has finished.
    }
  }
}
