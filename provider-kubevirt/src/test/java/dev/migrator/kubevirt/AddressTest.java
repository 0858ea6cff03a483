package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a source may be told to connect to, be it a plan's word or a cluster's. */
class AddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1:9185",
        "[fd00::1]:9185",
        "fd00::1:9185",
        "sync.example:1",
        "a.svc.clusterset.local:65535"
      })
  void hostAndPortAreOne(String text) {
    assertThat(Address.isOne(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.1",
        "10.0.0.1:0",
        "10.0.0.1:65536",
        "10.0.0.1:99999",
        "https://10.0.0.1:9185",
        "user@10.0.0.1:9185",
        "10.0.0.1:9185/path",
        "10.0.0.1:9185\n",
        "evil host:9185",
        "-o:9185",
        "a\u0000b:9185"
      })
  void nothingElseIs(String text) {
    assertThat(Address.isOne(text)).isFalse();
  }

  @Test
  void whatAClusterPublishesBesideAddressesIsPassedOver() {
    KubeVirtView kubeVirt =
        KubeVirts.of(
            "v1.9.0",
            it ->
                Tree.put(
                    it,
                    List.of("https://evil:1/x", "10.0.0.1:9185"),
                    "status",
                    "synchronizationAddresses"));

    assertThat(kubeVirt.synchronizationAddresses()).containsExactly("10.0.0.1:9185");
  }
}
