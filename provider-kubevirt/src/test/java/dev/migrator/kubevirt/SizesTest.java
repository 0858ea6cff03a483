package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A volume of the target is never smaller than anything known about the source's. */
class SizesTest {

  @Property
  void theTargetIsNeverSmallerAndAtMostAMebibyteLarger(
      @ForAll @LongRange(min = 1, max = 1L << 50) long bytes) {
    BigInteger target = target(BigInteger.valueOf(bytes), false);
    assertThat(target).isGreaterThanOrEqualTo(BigInteger.valueOf(bytes));
    assertThat(target.subtract(BigInteger.valueOf(bytes))).isLessThan(BigInteger.ONE.shiftLeft(20));
  }

  @Property
  void aFileOnTheTargetHasRoomForTheBlockDevice(
      @ForAll @LongRange(min = 1, max = 1L << 50) long bytes) {
    assertThat(target(BigInteger.valueOf(bytes), true).multiply(BigInteger.TEN))
        .isGreaterThanOrEqualTo(BigInteger.valueOf(bytes).multiply(BigInteger.valueOf(11)));
  }

  @Property
  void theLargestOfAllThatIsKnownCounts(
      @ForAll @LongRange(min = 1, max = 1L << 50) long capacity,
      @ForAll @LongRange(min = 1, max = 1L << 50) long request,
      @ForAll @LongRange(min = 1, max = 1L << 50) long wanted) {
    Map<String, Object> claim = new LinkedHashMap<>();
    Tree.put(claim, Long.toString(capacity), "status", "capacity", "storage");
    Tree.put(claim, Long.toString(request), "spec", "resources", "requests", "storage");
    Map<String, Object> dataVolume = new LinkedHashMap<>();
    Tree.put(dataVolume, Long.toString(wanted), "spec", "pvc", "resources", "requests", "storage");
    long largest = Stream.of(capacity, request, wanted).max(Long::compare).orElseThrow();
    assertThat(Sizes.ofSource(claim, dataVolume)).contains(BigInteger.valueOf(largest));
  }

  @ParameterizedTest
  @CsvSource({"10Gi,10Gi", "10G,9537Mi", "512Mi,512Mi", "1024Mi,1Gi", "1.5Gi,1536Mi", "1e9,954Mi"})
  void quantitiesAreWrittenInBinaryUnits(String source, String target) {
    assertThat(Sizes.onTarget(Sizes.bytes(source).orElseThrow(), false)).isEqualTo(target);
  }

  @Test
  void aSizeThatCannotBeReadIsNotPassedOverForASmallerOne() {
    Map<String, Object> claim = new LinkedHashMap<>();
    Tree.put(claim, "1e30Ei", "status", "capacity", "storage");
    Tree.put(claim, "1Gi", "spec", "resources", "requests", "storage");

    assertThat(Sizes.ofSource(claim, null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "1e-999999999", "-1e99999999", "1E+2147483647", "0x1p9"})
  void anExponentBeyondAllReasonIsNoAmount(String text) {
    assertThat(Sizes.amount(text)).isEmpty();
    assertThat(Sizes.bytes(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1Gi",
        "0",
        "ten",
        "1Zi",
        "1e999999999",
        "99999999999999999999999999",
        "2Ei",
        "111111111111111111111111111111111111111111111111111111"
      })
  void whatIsNoSizeIsRefused(String text) {
    assertThat(Sizes.bytes(text)).isEmpty();
  }

  @Test
  void nothingKnownIsNoSize() {
    assertThat(Sizes.ofSource(null, Map.of("spec", Map.of("storage", List.of())))).isEmpty();
  }

  private static BigInteger target(BigInteger bytes, boolean intoFilesystem) {
    return Sizes.bytes(Sizes.onTarget(bytes, intoFilesystem)).orElseThrow();
  }
}
