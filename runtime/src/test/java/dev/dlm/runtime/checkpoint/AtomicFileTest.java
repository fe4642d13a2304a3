package dev.dlm.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dlm.diagnostic.GraphException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void write_makesAFile() throws IOException {
    Path file = folder.resolve("state");
    AtomicFile.write(file, "state", text("new"));
    assertThat(file).hasContent("new");
    assertThat(entries()).containsExactly("state");
  }

  @Test
  void write_replacesAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("state"), "a longer old text");
    AtomicFile.write(file, "state", text("new"));
    assertThat(file).hasContent("new");
    assertThat(entries()).containsExactly("state");
  }

  @Test
  void write_followsALink() throws IOException {
    Path file = Files.writeString(folder.resolve("state"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    AtomicFile.write(link, "state", text("new"));
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("new");
  }

  @Test
  void write_keepsTheOldFileWhenTheDiskIsFullAtAnyWrite() throws IOException {
    Path file = Files.writeString(folder.resolve("state"), "old");
    for (int failing = 0; failing < 5; failing++) {
      FullDisk disk = new FullDisk(failing);
      assertThatThrownBy(() ->
              AtomicFile.write(
                  file,
                  "training state",
                  channel -> {
                    for (int i = 0; i < 5; i++) {
                      disk.write(channel, "part ");
                    }
                  }))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining(
              "error[file-write]: cannot write the training state '%s': No space left on device;"
                      .formatted(file)
                  + " the previous file is unchanged")
          .hasCauseInstanceOf(IOException.class);
      assertThat(file).hasContent("old");
      assertThat(entries()).containsExactly("state");
    }
  }

  @Test
  void write_reportsWhatTheSystemSaysOfAFullDisk() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "skipped: there is no /dev/full here");
    Path file = Files.writeString(folder.resolve("state"), "old");
    try (FileChannel disk = FileChannel.open(full, StandardOpenOption.WRITE)) {
      assertThatThrownBy(() ->
              AtomicFile.write(
                  file,
                  "state",
                  channel -> {
                    text("half of the new").writeTo(channel);
                    text("more than there is room for").writeTo(disk);
                  }))
          .isInstanceOf(GraphException.class)
          .message()
          .endsWith("No space left on device; the previous file is unchanged");
    }
    assertThat(file).hasContent("old");
    assertThat(entries()).containsExactly("state");
  }

  @Test
  void write_leavesNothingWhenTheFirstContentFails() throws IOException {
    Path file = folder.resolve("state");
    assertThatThrownBy(() ->
            AtomicFile.write(file, "state", channel -> new FullDisk(0).write(channel, "part")))
        .isInstanceOf(GraphException.class)
        .message()
        .endsWith("No space left on device");
    assertThat(entries()).isEmpty();
  }

  @Test
  void write_passesUncheckedExceptionsOnAndCleansUp() throws IOException {
    Path file = Files.writeString(folder.resolve("state"), "old");
    assertThatThrownBy(() ->
            AtomicFile.write(
                file,
                "state",
                _ -> {
                  throw new IllegalStateException("closed");
                }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("closed");
    assertThat(file).hasContent("old");
    assertThat(entries()).containsExactly("state");
  }

  @Test
  void write_saysThatTheFolderIsMissing() {
    Path file = folder.resolve("absent/state");
    assertThatThrownBy(() -> AtomicFile.write(file, "state", text("new")))
        .isInstanceOf(GraphException.class)
        .message()
        .endsWith("cannot write the state '%s': no such file or folder".formatted(file));
  }

  @Test
  void write_keepsAFolderThatHasTheNameOfTheTarget() throws IOException {
    Path file = Files.createDirectory(folder.resolve("state"));
    Files.writeString(file.resolve("inside"), "old");
    assertThatThrownBy(() -> AtomicFile.write(file, "state", text("new")))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining(
            "cannot write the state '%s': it is not a regular file".formatted(file));
    assertThat(file.resolve("inside")).hasContent("old");
    assertThat(entries()).containsExactly("state");
  }

  @Test
  void write_removesWhatAKilledProcessLeft() throws IOException {
    Path file = folder.resolve("state");
    long nobody = 4_000_000_000_000L;
    Files.writeString(folder.resolve("state." + nobody + "-1.partial"), "half");
    Path alive =
        Files.writeString(
            folder.resolve("state." + ProcessHandle.current().pid() + "-99999.partial"), "half");
    Path other = Files.writeString(folder.resolve("other." + nobody + "-1.partial"), "half");
    AtomicFile.write(file, "state", text("new"));
    assertThat(entries())
        .containsExactlyInAnyOrder(
            "state", alive.getFileName().toString(), other.getFileName().toString());
  }

  @Test
  void write_fromManyThreadsLeavesOneWholeContent() throws Exception {
    Path file = folder.resolve("state");
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      List<Callable<Void>> writers =
          Stream.iterate(0, i -> i + 1)
              .limit(16)
              .<Callable<Void>>map(i ->
                  () -> {
                    AtomicFile.write(file, "state", text("%04d".formatted(i).repeat(1000)));
                    return null;
                  })
              .toList();
      for (var done : executor.invokeAll(writers)) {
        done.get();
      }
    }
    String content = Files.readString(file);
    assertThat(content).isEqualTo(content.substring(0, 4).repeat(1000));
    assertThat(entries()).containsExactly("state");
  }

  private static AtomicFile.Content text(String text) {
    return channel -> channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /** Lets some writes through, the next one by half, then fails as the system does. */
  private static final class FullDisk {
    private int left;

    FullDisk(int left) {
      this.left = left;
    }

    void write(WritableByteChannel channel, String text) throws IOException {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (left-- == 0) {
        channel.write(ByteBuffer.wrap(bytes, 0, bytes.length / 2));
        throw new IOException("No space left on device");
      }
      channel.write(ByteBuffer.wrap(bytes));
    }
  }
}
