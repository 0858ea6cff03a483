package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How large a volume of the target must be: never smaller than anything that the source's volume
 * was asked for or turned out to be (rule R15 of the design).
 */
final class Sizes {

  private static final BigInteger MEBIBYTE = BigInteger.ONE.shiftLeft(20);
  private static final BigInteger GIBIBYTE = BigInteger.ONE.shiftLeft(30);

  /** No cluster has a volume of an exbibyte; more is a mistake or an attack. */
  private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(60);

  private static final Pattern QUANTITY =
      Pattern.compile("[+-]?[0-9]+(\\.[0-9]*)?([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,2})?");

  private static final BigDecimal FILESYSTEM_MARGIN = new BigDecimal("1.1");

  private Sizes() {}

  /**
   * The size in bytes of the source's volume, at least.
   *
   * @param claim the claim, or null
   * @param dataVolume the DataVolume, or null
   * @return the largest of capacity, request and the DataVolume's request; empty when none is
   *     known, or one of them is no size
   */
  static Optional<BigInteger> ofSource(
      @Nullable Map<String, Object> claim, @Nullable Map<String, Object> dataVolume) {
    List<Optional<String>> known =
        List.of(
            Tree.text(claim, "status", "capacity", "storage"),
            Tree.text(claim, "spec", "resources", "requests", "storage"),
            Tree.text(dataVolume, "spec", "storage", "resources", "requests", "storage"),
            Tree.text(dataVolume, "spec", "pvc", "resources", "requests", "storage"));
    List<Optional<BigInteger>> sizes =
        known.stream()
            .flatMap(Optional::stream)
            .filter(text -> amount(text).filter(size -> size.signum() == 0).isEmpty())
            .map(Sizes::bytes)
            .toList();
    // One that cannot be read could be the largest.
    return sizes.stream().allMatch(Optional::isPresent)
        ? sizes.stream().map(Optional::orElseThrow).max(BigInteger::compareTo)
        : Optional.empty();
  }

  /**
   * The size to ask for on the target.
   *
   * @param bytes the size of the source's volume
   * @param intoFilesystem whether a block device becomes a file: KubeVirt's own tests found the
   *     file too small without a margin (contract 4.2)
   * @return the quantity, rounded up to a mebibyte
   */
  static String onTarget(BigInteger bytes, boolean intoFilesystem) {
    BigInteger wanted =
        intoFilesystem
            ? new BigDecimal(bytes)
                .multiply(FILESYSTEM_MARGIN)
                .setScale(0, RoundingMode.CEILING)
                .toBigInteger()
            : bytes;
    BigInteger whole =
        wanted.add(MEBIBYTE).subtract(BigInteger.ONE).divide(MEBIBYTE).multiply(MEBIBYTE);
    return whole.signum() > 0 && whole.mod(GIBIBYTE).signum() == 0
        ? whole.divide(GIBIBYTE) + "Gi"
        : whole.divide(MEBIBYTE) + "Mi";
  }

  /** A quantity in bytes, rounded up; empty when the text is none, not positive or absurd. */
  static Optional<BigInteger> bytes(String text) {
    return amount(text)
        .filter(amount -> amount.signum() > 0)
        .map(amount -> amount.setScale(0, RoundingMode.CEILING).toBigInteger())
        .filter(size -> size.compareTo(LIMIT) < 0);
  }

  /**
   * Any quantity; empty when the text is none, or has digits or an exponent beyond all reason, over
   * which arithmetic would take for ever.
   */
  static Optional<BigDecimal> amount(String text) {
    if (text.length() > 40 || !QUANTITY.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Quantity.getAmountInBytes(new Quantity(text)));
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
