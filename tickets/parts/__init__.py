"""A case in several hands: co-departments with tasks of their own, handing over with acceptance (B3.2 D3.3)."""
