package dev.dlm.samples.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TellStoryTest {
  private static final Path MODEL = Path.of("stories/stories.dlm");
  private static final int TOKENS = 200;

  private static Session open(Path folder) throws IOException {
    return TellStory.open(MODEL, folder.resolve("stories260K.bin"), SessionOptions.defaults());
  }

  @Test
  void tell_givesTheExpectedStoryToTheLetter() throws IOException {
    Path folder = SharedData.require("data/stories260K");
    Vocabulary vocabulary = Vocabulary.read(folder.resolve("tok512.bin"), 512);
    try (Session session = open(folder)) {
      List<Integer> story = TellStory.tell(session, vocabulary.encode(""), TOKENS);
      assertThat(vocabulary.decode(story))
          .isEqualTo(
              Files.readString(folder.resolve("expected-temperature0-200steps.txt")).strip());
    }
  }

  @Test
  void tell_inManyStreamsAtOnce_givesTheSameStory() throws Exception {
    Path folder = SharedData.require("data/stories260K");
    Vocabulary vocabulary = Vocabulary.read(folder.resolve("tok512.bin"), 512);
    List<String> beginnings = List.of("", "Once upon a time", "Tom had a big dog");
    try (Session session = open(folder);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<List<Integer>> alone = new ArrayList<>();
      for (String beginning : beginnings) {
        alone.add(TellStory.tell(session, vocabulary.encode(beginning), 40));
      }
      List<Future<List<Integer>>> stories = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        List<Integer> prompt = vocabulary.encode(beginnings.get(i % beginnings.size()));
        Callable<List<Integer>> work = () -> TellStory.tell(session, prompt, 40);
        stories.add(threads.submit(work));
      }
      for (int i = 0; i < stories.size(); i++) {
        assertThat(stories.get(i).get()).isEqualTo(alone.get(i % alone.size()));
      }
    }
  }

  @Test
  void encode_andDecode_giveTheTextBack() throws IOException {
    Path folder = SharedData.require("data/stories260K");
    Vocabulary vocabulary = Vocabulary.read(folder.resolve("tok512.bin"), 512);
    String text = "Lily's mom said, \"Ünder the tree!\"\n";
    List<Integer> tokens = vocabulary.encode(text);
    assertThat(tokens.getFirst()).isEqualTo(Vocabulary.BEGIN);
    assertThat(tokens).hasSizeLessThan(text.length());
    assertThat(vocabulary.decode(tokens)).isEqualTo(text);
  }

  @Test
  void read_saysWhatIsWrongWithAFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("model.bin");
    Files.write(file, new byte[10]);
    assertThatThrownBy(() -> LlamaFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no room for a header");
    byte[] header = new byte[28];
    header[0] = 8;
    header[12] = 2;
    header[16] = 1;
    Files.write(file, header);
    assertThatThrownBy(() -> LlamaFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has 28 bytes, its header");
    assertThatThrownBy(() -> Vocabulary.read(file, 3))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ends after");
  }
}
