package dev.dlm.training.reader;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void of_takesRunsOfLettersAndDigitsInLowerCase() {
    assertThat(Words.of("It's 3 o’clock, 'well-made' ÉTÉ", false))
        .containsExactly("it's", "3", "o'clock", "well", "made", "été");
  }

  @Test
  void of_takesPunctuationOnDemand() {
    assertThat(Words.of("Va !", true)).containsExactly("va", "!");
    assertThat(Words.of("Well-made, no?", true))
        .containsExactly("well", "-", "made", ",", "no", "?");
  }

  @Test
  void of_leavesTagsOutAndNothingElse() {
    assertThat(Words.of("one<br /><br />two </i>three", false))
        .containsExactly("one", "two", "three");
    assertThat(Words.of("I <3 this > that < most", false))
        .containsExactly("i", "3", "this", "that", "most");
  }

  @Test
  void of_nothingGivesNothing() {
    assertThat(Words.of("", true)).isEmpty();
    assertThat(Words.of(" ' — '", false)).isEmpty();
  }
}
