package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The contract's catalogue (11.4) is whole: each of its 35 numbers is a test. */
final class ContractNumbersTest {

  private static final Pattern NUMBER = Pattern.compile("S(\\d+) .*");
  private static final List<Class<?>> CATALOGUE =
      List.of(ContractMeetingTest.class, ContractTargetTest.class, ContractEndTest.class);

  @Test
  void everyScenarioOfTheContractIsATest() {
    SortedSet<Integer> found = new TreeSet<>();
    CATALOGUE.stream()
        .flatMap(each -> Stream.of(each.getDeclaredMethods()))
        .filter(each -> each.isAnnotationPresent(DisplayName.class))
        .map(each -> NUMBER.matcher(each.getAnnotation(DisplayName.class).value()))
        .filter(Matcher::matches)
        .forEach(each -> found.add(Integer.valueOf(each.group(1))));

    assertThat(found).containsExactlyElementsOf(IntStream.rangeClosed(1, 35).boxed().toList());
  }
}
