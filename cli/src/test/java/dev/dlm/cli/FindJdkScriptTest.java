package dev.dlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search of {@code scripts/find-jdk.sh}, among made-up JDKs in a made-up home. */
class FindJdkScriptTest {
  @TempDir Path home;

  @Test
  void javaHome_winsWhereItIsNewEnough() throws Exception {
    Path chosen = jdk(home.resolve("chosen"), "27");
    jdk(home.resolve(".sdkman/candidates/java/25-tem"), "25.0.1");

    assertThat(find(Map.of("JAVA_HOME", chosen.toString()))).isEqualTo(chosen.toString());
  }

  @Test
  void javaHome_isPassedOverWhereItIsTooOld() throws Exception {
    Path old = jdk(home.resolve("old"), "17.0.15");

    assertThat(find(Map.of("JAVA_HOME", old.toString()))).isNotEqualTo(old.toString()).isNotEmpty();
  }

  @Test
  void javaHome_isPassedOverWhereItHoldsNoCompiler() throws Exception {
    Path runtime = jdk(home.resolve("runtime"), "25");
    Files.delete(runtime.resolve("bin/javac"));

    assertThat(find(Map.of("JAVA_HOME", runtime.toString())))
        .isNotEqualTo(runtime.toString())
        .isNotEmpty();
  }

  @Test
  void searchPath_isFollowedThroughLinksToTheJdk() throws Exception {
    Path real = jdk(home.resolve("real"), "25.0.3");
    Path links = Files.createDirectories(home.resolve("links"));
    Files.createSymbolicLink(links.resolve("first"), real.resolve("bin/javac"));
    Files.createSymbolicLink(links.resolve("javac"), Path.of("first"));

    assertThat(find(Map.of("PATH", links + ":/usr/bin:/bin")))
        .isEqualTo(real.toRealPath().toString());
  }

  @Test
  void absence_isOneLineThatSaysHowToGetAJdk() throws Exception {
    String script = Files.readString(script()).replace("required=25", "required=999");
    Path demanding = Files.writeString(home.resolve("find-jdk.sh"), script);

    assertThat(run(demanding, Map.of()))
        .matches("dlm needs a JDK 999 or later and found none: get one from https://\\S+ .*\\R");
  }

  private static Path jdk(Path directory, String version) throws IOException {
    Files.createDirectories(directory.resolve("bin"));
    Files.createFile(directory.resolve("bin/javac"));
    assertThat(directory.resolve("bin/javac").toFile().setExecutable(true)).isTrue();
    Files.writeString(
        directory.resolve("release"),
        "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\nOS_ARCH=\"x86_64\"\n");
    return directory;
  }

  private String find(Map<String, String> environment) throws Exception {
    return run(script(), environment).strip();
  }

  private String run(Path script, Map<String, String> environment) throws Exception {
    var command =
        new ProcessBuilder(
                "/bin/sh", "-euc", ". \"$1\"; find_jdk && echo \"$JAVA_HOME\"", "sh", script + "")
            .redirectErrorStream(true);
    command.environment().clear();
    command.environment().put("PATH", "/usr/bin:/bin");
    command.environment().put("HOME", home.toString());
    command.environment().putAll(environment);
    Process process = command.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private static Path script() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("scripts/find-jdk.sh"))) {
      directory = directory.getParent();
    }
    return directory.resolve("scripts/find-jdk.sh");
  }
}
