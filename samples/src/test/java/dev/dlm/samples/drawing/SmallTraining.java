package dev.dlm.samples.drawing;

import dev.dlm.compiler.Compiler;
import dev.dlm.dsl.Dsl;
import dev.dlm.dsl.elaborate.ElaboratedModel;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.training.StepReport;
import dev.dlm.training.Trainer;
import dev.dlm.training.TrainingFolder;
import dev.dlm.training.TrainingListener;
import dev.dlm.training.TrainingOptions;
import dev.dlm.training.data.ArrayDataSource;
import dev.dlm.training.data.GeneratedDigits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A few steps of a sample's training. */
record SmallTraining(Path file, Path weights, List<Map<String, Double>> steps) {

  /**
   * Trains a copy of a sample on generated digits.
   *
   * @param narrow whether to cut the standard width of the model
   */
  static SmallTraining of(Path sample, boolean narrow, int batches, int batch, Path folder)
      throws IOException {
    return of(
        sample,
        narrow,
        GeneratedDigits.of(GeneratedDigits.Part.TRAIN, batches * batch, 1),
        batch,
        folder);
  }

  /** Trains a copy of a sample for one epoch of the given data. */
  static SmallTraining of(Path sample, boolean narrow, ArrayDataSource data, int batch, Path folder)
      throws IOException {
    String text = Files.readString(sample);
    Path file = folder.resolve(sample.getFileName());
    Files.writeString(file, narrow ? text.replace("width: int = 32", "width: int = 8") : text);
    ElaboratedModel model = Dsl.elaborate(file).mainModel().orElseThrow();
    TrainingRecipe recipe = model.recipe().orElseThrow();
    List<Map<String, Double>> steps = new ArrayList<>();
    try (Session session =
        Session.open(Compiler.compile(model.graph()), SessionOptions.defaults())) {
      new Trainer(
              session,
              recipe,
              data.firstColumns(recipe.data().inputs().size()),
              Optional.empty(),
              TrainingOptions.defaults().withEpochs(1).withBatch(batch).withOut(folder))
          .run(
              new TrainingListener() {
                @Override
                public void step(StepReport report) {
                  steps.add(report.values());
                }
              });
    }
    return new SmallTraining(file, folder.resolve(TrainingFolder.WEIGHTS), steps);
  }

  /** The mean of a value over some of the steps. */
  double mean(String name, int from, int end) {
    return steps.subList(from, end).stream()
        .mapToDouble(values -> values.getOrDefault(name, Double.NaN))
        .average()
        .orElseThrow();
  }
}
