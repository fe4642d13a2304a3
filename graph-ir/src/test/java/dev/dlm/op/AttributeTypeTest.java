package dev.dlm.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.ir.Shape;
import dev.dlm.op.AttributeType.Attribute;
import dev.dlm.op.AttributeType.Choice;
import dev.dlm.op.AttributeType.Group;
import dev.dlm.op.AttributeType.Plain;
import dev.dlm.op.AttributeType.Sequence;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttributeTypeTest {
  private enum Kind {
    ONE
  }

  private record Part(int size) {}

  private record All(
      int rowCount,
      Shape shape,
      Kind kind,
      Part part,
      List<Integer> axes,
      List<Kind> kinds,
      List<Part> parts,
      List<List<Shape>> shapes) {}

  @Test
  void components_areAttributesOfTheirTypes() {
    assertThat(AttributeType.of(All.class))
        .containsExactly(
            new Attribute("row_count", Plain.INT),
            new Attribute("shape", Plain.SHAPE),
            new Attribute("kind", new Choice(Kind.class)),
            new Attribute("part", new Group(Part.class)),
            new Attribute("axes", new Sequence(Plain.INT)),
            new Attribute("kinds", new Sequence(new Choice(Kind.class))),
            new Attribute("parts", new Sequence(new Group(Part.class))),
            new Attribute("shapes", new Sequence(new Sequence(Plain.SHAPE))));
  }

  private record OfObject(Object any) {}

  private record OfSet(Set<Integer> axes) {}

  private record OfRawList(@SuppressWarnings("rawtypes") List axes) {}

  private record OfMaps(List<Map<String, Integer>> maps) {}

  private record OfWildcards(List<? extends Number> numbers) {}

  private record OfArrays(List<int[]> axes) {}

  private record OfVariable<T>(T any) {}

  @Test
  void otherComponents_areRefused() {
    for (Class<?> type :
        List.of(
            OfObject.class,
            OfSet.class,
            OfRawList.class,
            OfMaps.class,
            OfWildcards.class,
            OfArrays.class,
            OfVariable.class)) {
      assertThatThrownBy(() -> AttributeType.of(type))
          .as("%s", type)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith(" is no type of attributes");
    }
  }
}
