package dev.dlm.training.generate;

import static java.util.Objects.requireNonNull;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Graph;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.ir.TrainingRecipe.DataCall;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.tensor.Tensor;
import dev.dlm.training.data.DataDiagnostics;
import dev.dlm.training.data.Fitted;
import dev.dlm.training.data.Vocabulary;
import dev.dlm.training.reader.SentencePairData;
import dev.dlm.training.reader.TextData;
import dev.dlm.training.reader.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * A trained model that says which token comes next: its prediction takes tokens {@code i32[1, T]}
 * and gives {@code next}, {@code f32[1, V]}, the probability of each token of the vocabulary. A
 * model that was trained on {@code text} continues a text, one that was trained on {@code
 * sentence_pairs} translates a sentence.
 *
 * <p>The model sees as many tokens as an example of its training had, the last ones of a longer
 * text. Not thread-safe.
 */
public final class TokenModel {
  /** The output with the probabilities. */
  public static final String NEXT = "next";

  private static final String TEXT = "text";
  private static final String PAIRS = "sentence_pairs";

  private final Session session;
  private final List<String> inputs;
  private final DataCall data;
  private final Fitted fitted;

  /**
   * @param session the weights are loaded
   * @param fitted what stands beside the weights
   * @throws GraphException with code {@code not-generative} if the recipe reads other data, {@code
   *     unknown-output} if the model has no output {@value #NEXT}
   */
  public TokenModel(Session session, TrainingRecipe recipe, Fitted fitted) {
    this.session = session;
    this.inputs = recipe.data().inputs();
    this.data =
        recipe.data().alternatives().stream()
            .filter(call -> call.reader().equals(TEXT) || call.reader().equals(PAIRS))
            .findFirst()
            .orElseThrow(() ->
                new GraphException(
                    Diagnostic.error(
                            "not-generative",
                            "the model '%s' is not trained on text or sentence pairs"
                                .formatted(recipe.model()),
                            recipe.data().location())
                        .withHelp("dlm run gives the outputs of any model")));
    this.fitted = fitted;
    boolean saysNext =
        session.plan().program(Graph.PREDICT).outputs().stream()
            .anyMatch(output -> output.name().equals(NEXT));
    if (!saysNext) {
      throw new GraphException(
          Diagnostic.error(
                  "unknown-output",
                  "'%s' has no output '%s'".formatted(Graph.PREDICT, NEXT),
                  Location.UNKNOWN)
              .withHelp("output next = softmax(logits[:, -1]) says what comes next"));
    }
  }

  /** Whether the model translates sentences, rather than continues texts. */
  public boolean translates() {
    return data.reader().equals(PAIRS);
  }

  /**
   * Continues a text.
   *
   * @param prompt one character at least
   * @param count characters
   * @param written takes each character as soon as it is chosen
   * @throws GraphException with code {@code data-mismatch} if the prompt has a character that the
   *     training text has not
   */
  public void continueText(String prompt, int count, TokenChoice choice, Consumer<String> written) {
    Vocabulary characters = fitted.vocabulary(TextData.CHARACTERS);
    int length = data.count("length");
    List<Integer> tokens = new ArrayList<>();
    prompt.codePoints().forEach(point -> tokens.add(number(characters, point)));
    for (int i = 0; i < count; i++) {
      List<Integer> seen = tokens.subList(Math.max(0, tokens.size() - length), tokens.size());
      int token = choice.choose(next(Map.of(inputs.getFirst(), tensor(seen))));
      tokens.add(token);
      written.accept(characters.word(token));
    }
  }

  private static int number(Vocabulary characters, int codePoint) {
    String character = Character.toString(codePoint);
    OptionalInt number = characters.number(character);
    if (number.isEmpty()) {
      throw DataDiagnostics.mismatch(
          "the training text has no character '%s'".formatted(character));
    }
    return number.getAsInt();
  }

  /**
   * Translates a sentence, until its end is said or the longest target of training is reached.
   *
   * @return the words
   * @throws GraphException with code {@code data-mismatch} if the sentence has no word, or more
   *     than those of training
   */
  public List<String> translate(String sentence, TokenChoice choice) {
    Vocabulary sourceWords = fitted.vocabulary(SentencePairData.SOURCE_WORDS);
    Vocabulary targetWords = fitted.vocabulary(SentencePairData.TARGET_WORDS);
    int length = data.count("length");
    List<Integer> source =
        Words.of(sentence, true).stream().map(sourceWords::numberOrUnknown).toList();
    if (source.isEmpty() || source.size() > length) {
      throw DataDiagnostics.mismatch(
          "the sentence has %d words; the model takes 1 to %d".formatted(source.size(), length));
    }
    int end = targetWords.numberOrUnknown(Vocabulary.END);
    List<Integer> target = new ArrayList<>();
    target.add(targetWords.numberOrUnknown(Vocabulary.START));
    List<String> words = new ArrayList<>();
    Map<String, Tensor> given = new LinkedHashMap<>();
    given.put(inputs.get(0), tensor(source));
    while (target.size() <= length) {
      given.put(inputs.get(1), tensor(target));
      int token = choice.choose(next(given));
      if (token == end) {
        break;
      }
      target.add(token);
      words.add(targetWords.word(token));
    }
    return words;
  }

  private float[] next(Map<String, Tensor> given) {
    Map<String, Tensor> outputs = session.run(Graph.PREDICT, given);
    return requireNonNull(outputs.get(NEXT)).floats();
  }

  private static Tensor tensor(List<Integer> tokens) {
    return Tensor.of(tokens.stream().mapToInt(Integer::intValue).toArray(), 1, tokens.size());
  }
}
