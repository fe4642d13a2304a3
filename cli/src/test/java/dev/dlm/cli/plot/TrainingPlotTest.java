package dev.dlm.cli.plot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.training.EpochReport;
import dev.dlm.training.StepReport;
import dev.dlm.training.TrainingStart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingPlotTest {
  @TempDir private Path folder;

  @Test
  void epoch_drawsAPanelForEachLossAndMetric() throws IOException, XMLStreamException {
    Path file = folder.resolve("loss.svg");
    TrainingPlot plot = new TrainingPlot(file);
    plot.started(new TrainingStart("A<B", 4, 1000, 8, 8000, 1, 0, 0, "cpu"));
    for (int epoch = 0; epoch < 2; epoch++) {
      for (int batch = 0; batch < 1000; batch++) {
        double loss = 2.0 - (epoch * 1000 + batch) / 2000.0;
        plot.step(
            new StepReport(epoch, batch, 1000, 8, Map.of("loss", loss, "training.rate", 1e-3)));
      }
      plot.epoch(new EpochReport(epoch, Map.of(), Map.of("loss", 1.5, "accuracy", 0.5), 1, false));
    }
    String svg = Files.readString(file);

    assertThat(elements(svg, "polyline")).isEqualTo(3);
    assertThat(elements(svg, "circle")).isEqualTo(4);
    assertThat(svg)
        .contains(">A&lt;B<", ">loss<", ">accuracy<", ">epoch<", ">training<", ">validation<")
        .contains(">1.0<", ">1.2<", ">2.0<")
        .doesNotContain("training.rate", "NaN");
    String points = svg.substring(svg.indexOf("points=\"") + 8).split("\"", 2)[0];
    assertThat(points.split(" ")).hasSizeBetween(150, 210);
  }

  @Test
  void axis_hasRoundTicks() {
    assertThat(Axis.of(0.0131, 0.0484, 5).ticks()).hasSize(5);
    Axis axis = Axis.of(0.03, 0.97, 5);
    assertThat(axis.ticks().stream().map(axis::label))
        .containsExactly("0.0", "0.2", "0.4", "0.6", "0.8", "1.0");
    Axis constant = Axis.of(3, 3, 5);
    assertThat(constant.high()).isGreaterThan(constant.low());
    assertThat(constant.place(3)).isBetween(0.0, 1.0);
    Axis below = Axis.of(-30, 10, 4);
    assertThat(below.ticks().stream().map(below::label))
        .containsExactly("-30", "-20", "-10", "0", "10");
  }

  private static int elements(String svg, String name) throws XMLStreamException {
    XMLStreamReader reader =
        XMLInputFactory.newFactory()
            .createXMLStreamReader(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    int count = 0;
    while (reader.hasNext()) {
      if (reader.next() == XMLStreamReader.START_ELEMENT && reader.getLocalName().equals(name)) {
        count++;
      }
    }
    return count;
  }
}
