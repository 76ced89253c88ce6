// SPDX-License-Identifier: Apache-2.0
/// The default tweets of a benchmark: made up, with typical lengths of tweets.
package enum SampleTweets {
  package static let all = [
    "Bridge out near the mill",
    "Water is rising fast by the old school, send boats",
    "Power is out in the whole valley and the phones are next",
    "Smoke everywhere this morning, stay inside if you can and close your windows",
    "The river has left its bed again, lower town is being cleared street by street tonight",
    "Shelter open at the sports hall on Station Road, there are cots, warm food and a place for dogs",
    "Strong shaking just now, shelves came down and the church tower has a crack you can see from the square",
    "Volunteers needed tomorrow at seven to fill sandbags behind the fire house, bring gloves and a shovel if you have one",
    "Our neighbours lost everything when the hill came down, we collect blankets, clothes for children and dry wood in the library",
    "Road 12 is closed between the lake and the pass because of rocks, the detour over the forest takes an hour, do not try the bridge",
    "Thank you to the crews who have been out since Sunday, the fire is held at the ridge now but the wind may turn before the evening comes",
    "If you can hear this and need a doctor, hang a white cloth out of a window that faces the street, teams go from house to house until dark",
    "Missing since the flood reached the camp ground: a woman of 34 in a red coat and her son, last seen near the ferry, please call the town hall",
    "Hospital says it has enough diesel for two more days, the next convoy waits at the harbour for the storm to pass, drinking water is handed out at the market",
  ]
}
