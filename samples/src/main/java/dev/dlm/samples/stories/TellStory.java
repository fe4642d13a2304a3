package dev.dlm.samples.stories;

import dev.dlm.compiler.Compiler;
import dev.dlm.dsl.Dsl;
import dev.dlm.ir.Graph;
import dev.dlm.plan.Plan;
import dev.dlm.runtime.session.Call;
import dev.dlm.runtime.session.InferenceStream;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells a story with the model stories260K, always by the most likely token: each call of the
 * model's stream reads one token and says which is the best to come next.
 */
public final class TellStory {
  private static final int VOCABULARY_SIZE = 512;

  private TellStory() {}

  /** A session with the weights of a file. */
  public static Session open(Path model, Path weights, SessionOptions options) throws IOException {
    Graph graph = Dsl.elaborate(model).mainModel().orElseThrow().graph();
    Plan plan = Compiler.compile(graph).restrictedTo(List.of(Graph.PREDICT));
    LlamaFile file = LlamaFile.read(weights);
    Session session = Session.open(plan, options);
    session.variables().write(file.weights());
    return session;
  }

  /**
   * The tokens of a text that begins with a prompt.
   *
   * @param count of all tokens after the first; the story ends earlier where the model begins
   *     another one
   */
  public static List<Integer> tell(Session session, List<Integer> prompt, int count) {
    try (InferenceStream stream = session.openStream()) {
      Tensor token = Tensor.of(new int[1], 1);
      Tensor best = Tensor.of(new int[1]);
      Call call = stream.prepare(Graph.PREDICT).input("token", token);
      call.output("best", best.memory());
      List<Integer> story = new ArrayList<>(List.of(prompt.getFirst()));
      while (story.size() <= count) {
        token.memory().set(ValueLayout.JAVA_INT, 0, story.getLast());
        call.run();
        boolean given = story.size() < prompt.size();
        int next = given ? prompt.get(story.size()) : (int) best.longAt(0);
        if (next == Vocabulary.BEGIN) {
          break;
        }
        story.add(next);
      }
      return story;
    }
  }

  /**
   * Tells a story three times, so that the last one runs as compiled code, and how fast it was.
   *
   * @param arguments {@code stories.dlm}, the folder with {@code stories260K.bin} and {@code
   *     tok512.bin}, and, if wanted, the number of tokens (200) and the beginning of the story
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    int count = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 200;
    String prompt = arguments.length > 3 ? arguments[3] : "";
    Vocabulary vocabulary = Vocabulary.read(folder.resolve("tok512.bin"), VOCABULARY_SIZE);
    SessionOptions options = SessionOptions.defaults().withThreads(1);
    try (Session session =
        open(Path.of(arguments[0]), folder.resolve("stories260K.bin"), options)) {
      List<Integer> tokens = vocabulary.encode(prompt);
      for (int round = 1; round <= 3; round++) {
        long start = System.nanoTime();
        List<Integer> story = tell(session, tokens, count);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (round == 1) {
          System.out.println(vocabulary.decode(story));
        }
        System.err.printf(
            "%d tokens in %.3f s, %.0f a second%n",
            story.size() - 1, seconds, (story.size() - 1) / seconds);
      }
    }
  }
}
