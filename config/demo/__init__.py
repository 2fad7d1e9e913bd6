"""A company to try Huisheng with: 澄川电器, its people, and a lifelike month. Everything in it is invented."""
