package dev.dlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogConfiguratorTest {
  @Test
  void warnings_goToStandardErrorInOneLineAndLesserOnesNowhere() {
    var written = new ByteArrayOutputStream();
    var context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    PrintStream standardError = System.err;
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      new LogConfigurator().configure(context);
      context.getLogger("any").warn("the pool has {} threads", 2);
      context.getLogger("any").info("not of interest");
    } finally {
      System.setErr(standardError);
      context.stop();
    }

    assertThat(written.toString(StandardCharsets.UTF_8))
        .isEqualTo("dlm: the pool has 2 threads" + System.lineSeparator());
  }
}
