"""The keyword rules a new installation starts with; an administrator edits the rows made from them.

Alerts (C3.1), tiers (C3.3), spam and manual review (C3.2), the company's categories (B2.2, C4.1).
"""

from feedback.text.keyword_rules import Rule


def _rule(code: str, name: str, name_en: str, effect: str, value: str, words: str, **more: object) -> Rule:
    """`words` are parted by blanks; a `_` stands for a blank inside a word."""
    listed = tuple(word.replace("_", " ") for word in words.split())
    return Rule(code, listed, effect, value, name=name, name_en=name_en, **more)


_ALERTS = (
    _rule(
        "urgent", "紧急", "Urgent", "alert", "urgent",
        "紧急 特急 急急急 十万火急 火急 加急 救命 快救 求救 -紧急联系人 -紧急出口 -紧急联系电话 -紧急制动 -加急费 "
        "urgent urgently asap emergency immediately -emergency_exit -emergency_contact",
        position=10,
    ),
    _rule(
        "complaint-word", "投诉", "Complaint", "alert", "complaint",
        "投诉 举报 -投诉电话 -投诉渠道 -投诉流程 -如何投诉 -怎么投诉 complain* complaint*", position=11,
    ),
    _rule(
        "breakdown", "故障", "Breakdown", "alert", "breakdown",
        "故障 死机 瘫痪 停机 宕机 无法使用 不能用了 "
        "用不了 打不开 坏了 breakdown broken_down malfunction* not_working "
        "stopped_working out_of_order crash* outage", position=12,
    ),
    _rule(
        "authority", "要向监管部门反映", "Threat to go to the authorities", "alert", "authority",
        "12315 12345 消协 消费者协会 市场监督管理局 工商局 起诉 "
        "法院见 律师函 报警 consumer_protection lawyer lawsuit sue "
        "ombudsman", position=13,
    ),
)  # fmt: skip

_TIERS = (
    _rule(
        "safety", "人身安全", "Safety of people", "tier", "L1",
        "起火 着火 冒烟 爆炸 自燃 漏电 触电 燃气泄漏 煤气泄漏 中毒 食物中毒 "
        "受伤 烧伤 烫伤 骨折 流血 昏迷 送医 送院 住进医院 住了院 伤住院 毒住院 敏住院 导致住院 害得住院 住院抢救 死亡 人命 "
        "伤亡 生命危险 安全事故 过敏 休克 caught_fire on_fire smoke smoking_battery explod* explosion electric_shock "
        "gas_leak food_poisoning injur* burned burnt hospital* unconscious died death "
        "-死亡证明 -死亡率 -受伤的心 -心受伤 -很受伤 -心也受伤 -心里受伤 -钱包受伤 -防漏电 -漏电开关 -漏电保护 "
        "-着火炉 -起火锅 -信息爆炸 -大爆炸 -爆炸头 -爆炸好 -到爆炸 -爆炸性 -流血流汗 -流血流泪 -流汗流血 -个人命 -人命运 -人命名 "
        "-没人受伤 -没有人受伤 -无人受伤 -没有人员受伤 -没有造成人员受伤 -未造成人员受伤 -无人员受伤 "
        "-无人伤亡 -没人伤亡 -没有人伤亡 -无人员伤亡 -没有人员伤亡 "
        "-未造成人员伤亡 -没有造成人员伤亡 "
        "-手机中毒 -电脑中毒 -系统中毒 -过敏体质 -过敏药 -过敏史 -过敏性 -防过敏 -抗过敏 -不过敏 -没过敏 -没有过敏 -过敏原 "
        "-no_smoking", position=20,
    ),
    _rule(
        "data-leak", "个人信息泄露", "Leak of personal data", "tier", "L1",
        "信息泄露 泄露信息 泄露个人信息 泄露隐私 隐私泄露 资料泄露 "
        "数据泄露 泄露了我的 盗刷 data_breach data_leak leaked_my "
        "identity_theft personal_data_was_shared", position=21,
    ),
    _rule(
        "media", "媒体曝光", "Media", "tier", "L1",
        "媒体曝光 找媒体 联系媒体 找记者 上热搜 发微博曝光 网上曝光 电视台曝光 315晚会 go_to_the_press "
        "going_to_the_media contact_the_media journalist", position=22,
    ),
    _rule(
        "mass", "群体事件", "Many people concerned", "tier", "L1",
        "集体维权 集体上访 集体投诉 联名 群体事件 群体性 聚众 拉横幅 集体罢工 工人罢工 员工罢工 司机罢工 职工罢工 "
        "-联名款 -联名卡 -联名鞋 -联名信用卡 -联名账户 -联名系列 -联名合作 -联名限量 -联名礼盒 -品牌联名 -跨界联名 "
        "-聚众赌博 -聚众打牌 class_action", position=23,
    ),
)  # fmt: skip

_REVIEW = (
    _rule(
        "abuse", "辱骂", "Abuse", "review", "abuse",
        "傻逼 煞笔 傻b 妈的 他妈 你妈 尼玛 操你 草泥马 王八蛋 混蛋 "
        "狗东西 狗日 畜生 去死 滚蛋 脑残 贱人 婊子 废物东西 不要脸 "
        "-妈妈的 -老妈的 -娃妈的 -宝妈的 -爹妈的 -爸妈的 -姨妈的 -姑妈的 -舅妈的 -干妈的 -大妈的 -辣妈的 -他妈妈 -孩子他妈 "
        "-你妈妈 "
        "弄死 砍死 打死你 fuck* shit asshole bitch* bastard* idiot* moron* kill_you", position=30,
    ),
    _rule(
        "fraud", "疑似欺诈", "Suspected fraud", "review", "fraud",
        "假冒客服 冒充客服 中奖信息 安全账户 转账到我 转账到指定 转账到个人 验证码发给 刷单返利 先行赔付链接 恶意索赔 职业打假 "
        "wire_transfer gift_card verification_code_to lottery_winner", position=31,
    ),
    _rule(
        "spam", "垃圾信息", "Spam", "spam", "",
        "代开发票 -规范代开发票 -税务局代开发票 -窗口代开发票 -大厅代开发票 办证刻章 "
        "加我微信 -加我微信后 -前加我微信 -没加我微信 -卖家加我微信 -商家加我微信 -客服加我微信 -老板加我微信 -师傅加我微信 "
        "加微信领 兼职日结 日赚 月入过万 "
        "刷信誉 网络博彩 澳门赌场 六合彩资料 六合彩开奖 六合彩投注 贷款秒批 无抵押贷款广告 "
        "色情网址 色情直播 色情视频加 裸聊 推广合作请联系 seo_services buy_followers casino viagra crypto_investment click_here_to_win "
        "work_from_home_and_earn backlinks", position=32,
    ),
    _rule(
        "help", "求助", "Request for help", "alert", "help",
        "求助 请帮帮 帮帮我 救救 求帮忙 急求 恳请帮助 请求帮助 please_help help_me need_help", position=14,
    ),
)  # fmt: skip

_CATEGORIES = (
    _rule(
        "category-product", "产品质量", "Product quality", "category", "product",
        "质量 破损 瑕疵 开裂 裂开 掉色 褪色 起球 变质 发霉 过期 异味 "
        "假货 正品 不新鲜 烂的 坏果 烂果 做工 材质 面料 尺码 尺寸 "
        "色差 屏幕 电池 死机 卡顿 漏水 噪音大 不制冷 不加热 缺斤少两 分量 "
        "难吃 好吃 味道 口感 太咸 太辣 很硬 夹生 头发 虫子 "
        "空调 热水器 洗衣机 冰箱 油烟机 燃气灶 灶具 电饭煲 微波炉 烤箱 洗碗机 净水器 净水机 电视机 吸尘器 扫地机 电风扇 遥控器 滤芯 "
        "-商场空调 -店里空调 -大厅空调 -大厅的空调 -厅的空调 -店的空调 -空调太冷 -空调太热 -空调开得 -空调温度 -饭店空调 -车厢空调 "
        "变凉 忽冷忽热 不热 不凉 不出水 漏电 漏气 结冰 结霜 不启动 开不了机 无法开机 黑屏 花屏 没反应 不灵 不转 打不着 点不着 "
        "跳闸 异响 震动 晃动 吸力 洗不干净 充不进电 充不上电 充满电 不通电 报错 "
        "手机 -手机号 -手机短信 -手机银行 平板 电脑 笔记本 键盘 鼠标 显卡 内存 驱动 散热 光驱 分辨率 像素 摄像头 "
        "很卡 太卡 卡得 卡的要死 衣服 裤子 鞋子 布料 线头 起毛 开线 破洞 穿一次 洗一次 洗发水 头屑 水果 苹果 火龙果 不甜 很酸 烂了 "
        "坏的 太小 小了 太薄 不好用 很难用 颜色 与图片不符 跟图片不 和图片不 与描述不符 实物 "
        "air_conditioner fridge refrigerator water_heater washing_machine dishwasher microwave oven vacuum_cleaner "
        "leak* overheat* "
        "功能 续航 发热 说明书 产品 型号 保质期 故障 quality defect* faulty damaged torn expired mouldy moldy screen "
        "battery taste tasted stale cold_food product size "
        "fabric material counterfeit fake broke broken "
        "doesn't_work isn't_working won't_work not_working stopped_working error* glitch* bug* crash* outage internet broadband "
        "wireless wifi wi-fi network slow software game laptop ipad tv camera charger engine power food "
        "pizza sandwich sauce shirt", position=50,
    ),
    _rule(
        "category-service", "服务态度", "Service attitude", "category", "service",
        "态度 服务员 服务态度 爱理不理 不理人 不耐烦 敷衍 推诿 踢皮球 挂电话 "
        "挂断 骂人 语气 冷漠 粗鲁 没礼貌 客服 店员 导购 前台 "
        "柜员 怠慢 讽刺 白眼 热情 耐心 attitude rude impolite staff ignored hung_up unfriendly disrespectful "
        "customer_service receptionist cashier waiter waitress "
        "service support response reply replied on_hold call_back calls chat employee*", position=51,
    ),
    _rule(
        "category-delivery", "配送物流", "Delivery and logistics", "category", "delivery",
        "快递 物流 配送 送货 送餐 外卖员 骑手 小哥 发货 派送 派件 签收 "
        "包裹 运费 送达 送到 没送 送错 少送 漏送 超时 迟到 晚到 磕了 磕坏 碰坏 压坏 摔坏 搬运 搬上楼 卸货 "
        "没收到货 收不到货 还没到 没到货 包装 丢件 驿站 自提 "
        "delivery deliver* courier parcel package shipping shipment "
        "shipped tracking late_order arrived_late never_arrived driver rider dispatch* "
        "order ordered orders arrive* arriving received receive missing delayed still_waiting "
        "waiting_for in_stock out_of_stock", position=52,
    ),
    _rule(
        "category-after-sales", "售后", "After-sales", "category", "after_sales",
        "售后 退货 换货 退款 退换 退钱 维修 返修 保修 质保 "
        "三包 师傅 上门 安装 报修 检修 修好 没修好 修不好 修过 维修点 赔偿 赔付 补偿 发票 refund* return_it returned "
        "return_policy exchange warranty repair* replacement replaced compensation invoice after-sales aftersales money_back "
        "return returning claim claims money",
        position=53,
    ),
    _rule(
        "category-process", "流程", "Process", "category", "process",
        "流程 手续 排队 预约 审批 办理 等了很久 跑了几趟 材料太多 系统繁忙 系统出错 系统崩溃 系统升级 预约系统 网页 "
        "登录 注册 验证码 闪退 支付 付款 下单 优惠券 会员 积分 "
        "套餐 合同 规定 procedure process queue* waiting_time appointment log_in login website app checkout payment "
        "coupon* account password form registration "
        "site page link online subscription sign_in card charged bill billing booking booked code policy cancel* unable_to", position=54,
    ),
    _rule(
        "category-environment", "环境", "Environment", "category", "environment",
        "环境 卫生 厕所 洗手间 脏乱 很脏 太脏 停车 嘈杂 空调太冷 空调太热 空调开得 空调温度 "
        "等候区 候车 大厅 营业厅 商场空调 店里空调 饭店空调 车厢空调 灯光 座椅 装修 电梯 通风 "
        "垃圾桶 垃圾遍地 满地垃圾 垃圾满地 垃圾堆在 垃圾没人 气味 拥挤 地面 "
        "environment dirty filthy toilet* restroom parking "
        "noisy crowded waiting_room smelly lighting seats clean* ",
        position=55,
    ),
)  # fmt: skip

RULES: tuple[Rule, ...] = _ALERTS + _TIERS + _REVIEW + _CATEGORIES

OWN_WORDS = {
    "complaint": ("投诉", "举报", "控诉", "差评", "complaint"),
    "inquiry": ("咨询", "请问", "询问", "inquiry", "enquiry", "question"),
    "suggestion": ("建议", "提议", "suggestion"),
}
"""The word with which people themselves name what they send, when a subject or a text begins with it."""
