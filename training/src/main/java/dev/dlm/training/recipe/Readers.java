package dev.dlm.training.recipe;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.ReaderSignature;
import dev.dlm.ir.TrainingRecipe.DataCall;
import dev.dlm.training.data.ArrayDataSource;
import dev.dlm.training.data.DataSource;
import dev.dlm.training.data.ExampleReader;
import dev.dlm.training.data.Fitted;
import dev.dlm.training.data.GeneratedDigits;
import dev.dlm.training.data.HeldBack;
import dev.dlm.training.data.Part;
import dev.dlm.training.reader.CifarData;
import dev.dlm.training.reader.LabelledTextData;
import dev.dlm.training.reader.SentencePairData;
import dev.dlm.training.reader.SeriesData;
import dev.dlm.training.reader.TableData;
import dev.dlm.training.reader.TextData;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** What each reader's name stands for; {@link ReaderSignature} says what it takes. */
final class Readers {
  private static final Set<String> FITTED =
      Set.of("csv", "labelled_text", "sentence_pairs", "series", "text");

  private Readers() {}

  /** Whether these data mean something only together with what was learned from others. */
  static boolean areFitted(DataCall call) {
    return FITTED.contains(call.reader());
  }

  /**
   * Reads the files that a call names.
   *
   * @param inputs what the columns are called
   * @param files finds a file by its name
   * @throws GraphException with code {@code unknown-reader}, or as the reader's own
   */
  static ExampleReader read(DataCall call, List<String> inputs, Function<String, Path> files) {
    List<Path> paths = call.files().stream().map(files).toList();
    return switch (call.reader()) {
      case "cifar" ->
          CifarData.read(
              inputs,
              paths,
              held(call),
              new CifarData.Variation(call.truth("mirror"), call.count("crop"), call.seed()));
      case "csv" -> TableData.read(inputs, paths.getFirst(), table(call), held(call));
      case "generated_digits" -> new Unfitted(digits(call).firstColumns(inputs.size()));
      case "idx" -> new Unfitted(ArrayDataSource.idx(inputs, paths));
      case "labelled_text" ->
          LabelledTextData.read(inputs, paths.getFirst(), labelled(call), held(call));
      case "sentence_pairs" ->
          SentencePairData.read(
              inputs,
              paths.getFirst(),
              new SentencePairData.Form(
                  call.text("entry"),
                  call.count("vocabulary"),
                  call.count("length"),
                  call.count("limit")),
              new HeldBack(amount(call), false, call.seed()));
      case "series" ->
          SeriesData.read(
              inputs, paths.getFirst(), series(call), new HeldBack(amount(call), true, 0));
      case "text" ->
          TextData.read(
              inputs, paths.getFirst(), call.count("length"), new HeldBack(amount(call), true, 0));
      default ->
          throw new GraphException(
              Diagnostic.error(
                      "unknown-reader",
                      "there is no data reader '" + call.reader() + "'",
                      call.location())
                  .withHelp(
                      "readers: "
                          + String.join(
                              ", ",
                              ReaderSignature.ALL.stream().map(ReaderSignature::name).toList())));
    };
  }

  private static TableData.Form table(DataCall call) {
    return new TableData.Form(
        separator(call),
        call.truth("header"),
        TableData.Missing.valueOf(call.text("missing").toUpperCase(Locale.ROOT)),
        call.list("columns"),
        call.list("categories"),
        call.list("one_hot"),
        call.list("standardize"));
  }

  private static LabelledTextData.Form labelled(DataCall call) {
    return new LabelledTextData.Form(
        call.value("text"),
        call.value("label"),
        separator(call),
        call.count("fields"),
        call.truth("header"),
        call.count("vocabulary"),
        call.count("length"),
        call.text("keep").equals("end"));
  }

  private static SeriesData.Form series(DataCall call) {
    return new SeriesData.Form(
        separator(call),
        call.truth("header"),
        call.list("columns"),
        call.list("predict"),
        call.count("past"),
        call.count("ahead"),
        call.truth("standardize"));
  }

  private static char separator(DataCall call) {
    String separator = call.text("separator");
    if (separator.length() != 1) {
      throw new GraphException(
          Diagnostic.error("data-mismatch", "'separator' is one character", call.location()));
    }
    return separator.charAt(0);
  }

  private static HeldBack held(DataCall call) {
    return new HeldBack(
        amount(call), call.text(ReaderSignature.HELD).equals(ReaderSignature.END), call.seed());
  }

  private static Number amount(DataCall call) {
    return (Number) call.value(ReaderSignature.HOLD_BACK);
  }

  private static ArrayDataSource digits(DataCall call) {
    GeneratedDigits.Part part =
        call.text("part").equals("validate")
            ? GeneratedDigits.Part.VALIDATE
            : GeneratedDigits.Part.TRAIN;
    int count = call.count("count");
    return count == 0
        ? GeneratedDigits.of(part)
        : GeneratedDigits.of(part, count, GeneratedDigits.DEFAULT_SEED);
  }

  /** Data that are the same for whatever they are used. */
  private record Unfitted(DataSource source) implements ExampleReader {
    @Override
    public Fitted fit() {
      return Fitted.NOTHING;
    }

    @Override
    public DataSource open(Part part, Fitted fitted) {
      return source;
    }
  }
}
