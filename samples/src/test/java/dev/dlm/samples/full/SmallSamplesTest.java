package dev.dlm.samples.full;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples for tables and time series, on small data made up here. */
class SmallSamplesTest {
  private static final List<String> OCEAN =
      List.of("INLAND", "ISLAND", "NEAR BAY", "NEAR OCEAN", "<1H OCEAN");

  @TempDir private Path folder;

  @Test
  void housing_learnsPricesThatFollowFromIncomeAndOcean() throws IOException {
    Random random = new Random(1);
    StringBuilder table =
        new StringBuilder(
            "longitude,latitude,housing_median_age,total_rooms,total_bedrooms,population,"
                + "households,median_income,median_house_value,ocean_proximity\n");
    for (int i = 0; i < 1500; i++) {
      double income = 1 + 8 * random.nextDouble();
      int ocean = i % 5;
      String bedrooms = i % 50 == 7 ? "" : Integer.toString(100 + random.nextInt(900));
      table.append(
          "%.2f,%.2f,%d,%d,%s,%d,%d,%.4f,%d,%s\n"
              .formatted(
                  -120 + random.nextGaussian(),
                  36 + random.nextGaussian(),
                  random.nextInt(50),
                  500 + random.nextInt(5000),
                  bedrooms,
                  random.nextInt(3000),
                  random.nextInt(900),
                  income,
                  Math.round(30_000 + 30_000 * income + 20_000 * ocean),
                  OCEAN.get(ocean)));
    }
    Files.writeString(folder.resolve("california-housing.csv"), table);

    Map<String, Double> measures = train("tabular/housing.dlm", "--epochs", "6");

    assertThat(measures.get("validate.error"))
        .isLessThan(0.5 * measures.get("validate.naive_error"));
  }

  @Test
  void cancer_learnsToTellTwoClouds() throws IOException {
    Random random = new Random(2);
    StringBuilder table = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      boolean malignant = random.nextInt(3) == 0;
      table.append(i).append(malignant ? ",M" : ",B");
      for (int feature = 0; feature < 30; feature++) {
        double value = random.nextGaussian() + (malignant ? 0.6 : -0.6);
        table.append(String.format(Locale.ROOT, ",%.4f", value));
      }
      table.append('\n');
    }
    Files.writeString(folder.resolve("wdbc.data"), table);

    Map<String, Double> measures = train("tabular/cancer.dlm", "--epochs", "10");

    assertThat(measures.get("validate.naive_accuracy")).isBetween(0.5, 0.8);
    assertThat(measures.get("validate.accuracy")).isGreaterThan(0.9);
  }

  @Test
  void airline_forecastsGrowthThatChangesFromYearToYear() throws IOException {
    StringBuilder table = new StringBuilder("\"Month\",\"Passengers\"\n");
    for (int month = 0; month < 144; month++) {
      double season = 1 + 0.2 * Math.sin(month * Math.PI / 6);
      long passengers = Math.round(100 * Math.exp(0.012 * month) * season);
      table.append("\"%d-%02d\",%d\n".formatted(1949 + month / 12, 1 + month % 12, passengers));
    }
    Files.writeString(folder.resolve("airline-passengers.csv"), table);

    Map<String, Double> measures = train("airline/airline.dlm", "--epochs", "40");

    assertThat(measures.get("validate.error"))
        .isLessThan(0.3 * measures.get("validate.naive_error"));
  }

  private Map<String, Double> train(String sample, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                sample,
                "--data",
                folder.toString(),
                "--out",
                folder.resolve("out").toString(),
                "--json"));
    arguments.addAll(List.of(options));
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int status =
        Main.run(
            arguments.toArray(String[]::new),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(status).as(() -> err.toString(StandardCharsets.UTF_8)).isZero();
    return Measures.of(out.toString(StandardCharsets.UTF_8).lines().toList().getLast());
  }
}
