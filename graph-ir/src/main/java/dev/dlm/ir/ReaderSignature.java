package dev.dlm.ir;

import dev.dlm.ir.ReaderParameter.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a data reader of a {@code train} block takes: the one place that the language, which checks
 * calls, and the readers, which obey them, both look at. Immutable.
 *
 * @param name as it is called
 * @param files how many files it reads, named first and by position
 * @param parameters what follows by name; without files also by position, in this order
 * @param minInputs the fewest inputs of a model that it feeds
 * @param maxInputs the most
 */
public record ReaderSignature(
    String name, Files files, List<ReaderParameter> parameters, int minInputs, int maxInputs) {
  /** How many files a reader takes. */
  public enum Files {
    NONE("no file"),
    ONE("one file"),
    SOME("one or more files"),
    ONE_FOR_EACH_INPUT("one file for each input");

    private final String text;

    Files(String text) {
      this.text = text;
    }

    /** For example {@code one file}. */
    public String text() {
      return text;
    }

    /** Whether that many files are right. */
    public boolean accepts(int count, int inputs) {
      return switch (this) {
        case NONE -> count == 0;
        case ONE -> count == 1;
        case SOME -> count >= 1;
        case ONE_FOR_EACH_INPUT -> count == inputs;
      };
    }
  }

  /** The option that says how much of the data is kept out of training. */
  public static final String HOLD_BACK = "hold_back";

  /** The option that says which examples these are: {@link #RANDOM} ones, or those at the end. */
  public static final String HELD = "held";

  /** The value of {@link #HELD} for examples chosen by the seed. */
  public static final String RANDOM = "random";

  /** The value of {@link #HELD} for the last examples. */
  public static final String END = "end";

  /** All readers, by name. */
  public static final List<ReaderSignature> ALL =
      List.of(
          new ReaderSignature(
              "cifar",
              Files.SOME,
              List.of(held(), order(RANDOM), seed(), truth("mirror", false), optional("crop", 0L)),
              2,
              2),
          new ReaderSignature(
              "csv",
              Files.ONE,
              List.of(
                  required("columns", Kind.COLUMN_GROUPS),
                  truth("header", true),
                  text("separator", ","),
                  ReaderParameter.choice("missing", "error", "error", "mean", "skip"),
                  columns("categories"),
                  columns("one_hot"),
                  columns("standardize"),
                  held(),
                  order(RANDOM),
                  seed()),
              1,
              Integer.MAX_VALUE),
          new ReaderSignature(
              "generated_digits",
              Files.NONE,
              List.of(
                  new ReaderParameter(
                      "part", Kind.TEXT, List.of("train", "validate"), Optional.empty()),
                  optional("count", 0L)),
              1,
              2),
          new ReaderSignature("idx", Files.ONE_FOR_EACH_INPUT, List.of(), 1, Integer.MAX_VALUE),
          new ReaderSignature(
              "labelled_text",
              Files.ONE,
              List.of(
                  required("text", Kind.COLUMN),
                  required("label", Kind.COLUMN),
                  required("vocabulary", Kind.COUNT),
                  required("length", Kind.COUNT),
                  ReaderParameter.choice("keep", "start", "end", "start"),
                  text("separator", "\t"),
                  optional("fields", 0L),
                  truth("header", false),
                  held(),
                  order(RANDOM),
                  seed()),
              2,
              2),
          new ReaderSignature(
              "sentence_pairs",
              Files.ONE,
              List.of(
                  required("vocabulary", Kind.COUNT),
                  required("length", Kind.COUNT),
                  optional("limit", 0L),
                  text("entry", ""),
                  held(),
                  seed()),
              2,
              2),
          new ReaderSignature(
              "series",
              Files.ONE,
              List.of(
                  required("columns", Kind.COLUMNS),
                  required("past", Kind.COUNT),
                  optional("ahead", 1L),
                  new ReaderParameter("predict", Kind.COLUMNS, List.of(), Optional.of(List.of())),
                  truth("header", true),
                  text("separator", ","),
                  truth("standardize", false),
                  held()),
              2,
              2),
          new ReaderSignature(
              "text", Files.ONE, List.of(required("length", Kind.COUNT), held()), 1, 2));

  public ReaderSignature {
    parameters = List.copyOf(parameters);
  }

  /** The reader of that name. */
  public static Optional<ReaderSignature> find(String name) {
    return ALL.stream().filter(signature -> signature.name.equals(name)).findFirst();
  }

  /** The parameter of that name. */
  public Optional<ReaderParameter> parameter(String parameterName) {
    return parameters.stream().filter(p -> p.name().equals(parameterName)).findFirst();
  }

  /** For example {@code text(file, length, hold_back = 0.0)}. */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    switch (files) {
      case NONE -> {}
      case ONE -> words.add("file");
      case SOME, ONE_FOR_EACH_INPUT -> words.add("file, …");
    }
    parameters.forEach(parameter -> words.add(parameter.toString()));
    return name + "(" + String.join(", ", words) + ")";
  }

  private static ReaderParameter required(String name, Kind kind) {
    return new ReaderParameter(name, kind, List.of(), Optional.empty());
  }

  private static ReaderParameter optional(String name, long standard) {
    return new ReaderParameter(name, Kind.WHOLE, List.of(), Optional.of(standard));
  }

  private static ReaderParameter truth(String name, boolean standard) {
    return new ReaderParameter(name, Kind.TRUTH, List.of(), Optional.of(standard));
  }

  private static ReaderParameter text(String name, String standard) {
    return new ReaderParameter(name, Kind.TEXT, List.of(), Optional.of(standard));
  }

  private static ReaderParameter columns(String name) {
    return new ReaderParameter(name, Kind.COLUMNS, List.of(), Optional.of(List.of()));
  }

  private static ReaderParameter held() {
    return new ReaderParameter(HOLD_BACK, Kind.PART, List.of(), Optional.of(0L));
  }

  private static ReaderParameter order(String standard) {
    return ReaderParameter.choice(HELD, standard, END, RANDOM);
  }

  private static ReaderParameter seed() {
    return optional("seed", 1);
  }
}
